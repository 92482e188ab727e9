"""Every store keeps what `Store` promises: claims, leases, lines, commits."""

from __future__ import annotations

from cascadesim.cascade import begin
from cascadesim.live import (
    Changes,
    Happening,
    Message,
    Queue,
    Recipient,
    Standing,
    recipient_key,
)
from cascadesim.model.person import Person


def _row(name: str, due: int, place: int) -> Recipient:
    person = Person("s", place, name, "s", place, due, place, "UTC", frozenset())
    return Recipient(recipient_key(person), person, 0, begin(person), due)


def _ids(rows: list[Recipient]) -> list[str]:
    return [row.person.id for row in rows]


def test_who_is_due_is_claimed_by_instant_and_place_a_batch_at_a_time(store):
    store.enrol([_row("late", 9, 0), _row("c", 5, 3), _row("b", 5, 2), _row("a", 1, 7)])
    assert _ids(store.claim(5, 2, 105)) == ["a", "b"]
    assert _ids(store.claim(5, 2, 105)) == ["c"]
    assert store.claim(5, 2, 105) == []
    assert store.next_due() == 9


def test_who_is_claimed_comes_back_when_the_lease_ends_and_not_before(store):
    store.enrol([_row("a", 5, 0)])
    assert _ids(store.claim(5, 9, 105)) == ["a"]
    assert store.next_due() == 105, "somebody else may get them then"
    assert store.claim(104, 9, 204) == []
    assert _ids(store.claim(105, 9, 205)) == ["a"]


def test_who_is_released_is_due_when_their_row_says(store):
    store.enrol([_row("a", 5, 0)])
    (row,) = store.claim(5, 9, 105)
    later = row.moved(row.journey._replace(due=60), 0)
    store.commit(Changes(recipients={row.key: later}))
    assert store.claim(60, 9, 160) == [], "still leased"
    store.commit(Changes(released={row.key: 105}))
    assert store.next_due() == 60
    assert store.claim(59, 9, 159) == []
    assert store.claim(60, 9, 160) == [later]
    store.commit(Changes(recipients={row.key: row.moved(row.journey._replace(due=None), 0)}, released={row.key: 160}))
    assert store.next_due() is None


def test_a_lease_that_has_ended_cannot_be_given_back_for_another(store):
    store.enrol([_row("a", 5, 0)])
    store.claim(5, 9, 15)
    assert _ids(store.claim(15, 9, 25)) == ["a"]
    store.commit(Changes(released={"s:a": 15}))
    assert store.claim(15, 9, 25) == [], "it is the second one's"
    store.commit(Changes(released={"s:a": 25}))
    assert _ids(store.claim(15, 9, 25)) == ["a"]


def test_who_is_enrolled_already_stays_as_they_are(store):
    store.enrol([_row("a", 5, 0)])
    assert store.enrol([_row("a", 70, 0), _row("b", 80, 1)]) == 1
    assert store.next_due() == 5
    assert store.recipient("s:a") == _row("a", 5, 0)
    assert store.recipient("s:nobody") is None


def test_a_line_is_first_in_first_out_from_where_its_queue_is(store):
    rows = [_row(name, 0, place) for place, name in enumerate("abc")]
    store.enrol([*rows])
    assert store.queue("sms") == Queue("sms")
    store.commit(
        Changes(
            queues={"sms": Queue("sms", entered=3)},
            standings=[Standing("sms", number, f"s:{name}") for number, name in enumerate("cab")],
        )
    )
    assert _ids(list(store.line("sms", 0))) == ["c", "a", "b"]
    store.commit(Changes(queues={"sms": Queue("sms", gone=2, entered=3)}))
    assert _ids(list(store.line("sms", store.queue("sms").gone))) == ["b"]
    assert list(store.line("push", 0)) == []


def test_messages_and_reports_are_found_by_their_keys(store):
    store.enrol([_row("a", 0, 0)])
    message = Message("spring:s:a:1:sms:0", "s:a", 1, "sms", 0, 0, 3, "written")
    store.commit(Changes(messages={message.key: message}, reports=[Happening("e1", "s:a", "bought", 4)]))
    assert store.message(message.key) == message
    assert store.message("no") is None
    assert list(store.messages()) == [message]
    assert store.reported(["e1", "e2"]) == {"e1"}
    assert store.reports == 1


def test_those_whose_fate_is_unknown_are_listed_in_the_order_of_their_keys(store):
    def message(key, state="unknown", sent_at=50):
        return Message(key, "s:a", 1, "sms", 0, 0, sent_at, state)

    found = [message(key) for key in "bacd"]
    others = [message("aa", "accepted"), message("ab", "written"), message("ac", "refused"), message("ad", sent_at=10)]
    store.commit(Changes(messages={m.key: m for m in (*found, *others)}))
    assert [m.key for m in store.unknown("", 10, 3)] == ["a", "b", "c"]
    assert store.unknown("c", 10, 3) == [message("d")]
    assert store.unknown("d", 10, 3) == []
    store.commit(Changes(messages={"a": message("a", "refused")}))
    assert [m.key for m in store.unknown("", 0, 9)] == ["ad", "b", "c", "d"]
