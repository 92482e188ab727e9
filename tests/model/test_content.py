"""What messages say and how many SMS parts they are billed as."""

from __future__ import annotations

import pytest
from gsm0338 import Codec
from hypothesis import given
from hypothesis import strategies as st

from cascadesim.model.chain import Chain, Saying, Send
from cascadesim.model.content import parts_of, placeholders, render, sms_parts, text_of
from cascadesim.model.message import Content, Message
from cascadesim.model.model import Model

GSM = Codec().decode(bytes(b for b in range(128) if b != 0x1B))[0]
EXTENSION = "^{}[]~\\|€\f"
OUTSIDE = "žЯ日"
EMOJI = "😀🛒"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        (GSM, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # 153 septets a part: the euro sign's pair begins in the 153rd, so it moves on as one
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("a" * 151 + "€" + "a" * 153, 2),
        ("€" * 153, 3),  # 76 pairs a part, not 76.5
        ("ž" * 70, 1),
        ("ž" * 71, 2),
        ("ž" * 134, 2),
        ("ž" * 135, 3),
        ("a" * 70 + "ž", 2),  # one character outside the alphabet makes all of it UCS-2
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),  # 33 pairs a part, not 33.5
        ("😀" * 67, 3),
        ("ç", 1),
        ("ç" + "a" * 70, 2),  # only the capital Ç is in the alphabet
        ("a" * 100 + "\x1b", 2),  # an escape is no character
    ],
)
def test_parts_as_billed(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


@given(st.text(st.sampled_from("ab \n" + EXTENSION), max_size=400))
def test_gsm_parts_are_the_fewest_that_split_no_escape_pair(text: str) -> None:
    assert sms_parts(text) == fewest_parts([len(Codec().encode(c)[0]) for c in text], 160, 153)


@given(st.text(st.sampled_from("ab" + EXTENSION + OUTSIDE + EMOJI), max_size=180).map(lambda text: text + "ž"))
def test_ucs2_parts_are_the_fewest_that_split_no_surrogate_pair(text: str) -> None:
    assert sms_parts(text) == fewest_parts([len(c.encode("utf-16-le")) // 2 for c in text], 70, 67)


def fewest_parts(sizes: list[int], whole: int, part: int) -> int:
    """By dynamic programming over where parts may end, as little like the code as can be."""
    if sum(sizes) <= whole:
        return 1
    best = [0] + [len(sizes)] * len(sizes)
    for end in range(1, len(sizes) + 1):
        room, start = part, end
        while start > 0 and room >= sizes[start - 1]:
            room -= sizes[start - 1]
            start -= 1
            best[end] = min(best[end], best[start] + 1)
    return best[-1]


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("Hi {first_name}", "Hi Jānis"),
        ("Hi {first_name|there}", "Hi Jānis"),
        ("Hi { first_name | there }", "Hi Jānis"),
        ("Hi {nick|there}", "Hi there"),
        ("Hi {nick| you there }", "Hi you there"),
        ("Hi {empty|there}", "Hi there"),
        ("Hi{nick|}!", "Hi!"),
        ("{first_name} from {Home town|somewhere}", "Jānis from Riga"),
        ("{{first_name}}", "{first_name}"),
        ("{{first_name|there}}", "{first_name|there}"),
        ("{{{first_name}}}", "{{first_name}}"),
        ("p { color: red } q{a:b}", "p { color: red } q{a:b}"),
        ("@media x{a{b:c}}", "@media x{a{b:c}}"),
        ("{} {1} {|x} {a", "{} {1} {|x} {a"),
        ("{braces}", "{first_name}"),  # a cell is not read again
    ],
)
def test_rendering(text: str, rendered: str) -> None:
    cells = {"first_name": "Jānis", "Home town": "Riga", "empty": "", "braces": "{first_name}"}
    assert render(text, cells) == rendered


def test_rendering_names_every_placeholder_without_a_value() -> None:
    with pytest.raises(ValueError, match=r"\{nick\}, \{town\}"):
        render("{nick} {first_name} {town} {nick}", {"first_name": "Jānis", "town": ""})


def test_placeholders_come_once_in_order() -> None:
    text = "{b} {a|x} {{c}} {b} { a | x } {a|y} {d|}"
    assert placeholders(text) == (("b", None), ("a", "x"), ("a", "y"), ("d", ""))


@given(st.text(st.sampled_from("{}|ab ")))
def test_literal_braces_survive_where_nothing_is_named(text: str) -> None:
    if not placeholders(text) and "{{" not in text:
        assert render(text, {}) == text


MODEL = Model(
    messages=(
        Message(
            "basket",
            contents=(
                Content("text", "Your basket is waiting, {first_name|friend}."),
                Content("text", "Basket: {first_name}", channel="sms"),
                Content("text", "<p>{first_name}</p>", channel="email", file="basket.HTML"),
                Content("subject", "Hello"),
            ),
        ),
        Message("template", contents=(Content("template", "basket_v2"),)),
    )
)


def chain(own: Saying | None = None, common: Saying | None = None) -> tuple[Chain, Send]:
    send = Send(("sms",), saying=own)
    return Chain("c", (send,), saying=common), send


@pytest.mark.parametrize(
    ("own", "common", "channel", "text"),
    [
        (None, None, "sms", None),
        (None, Saying(text="Hi {first_name}"), "sms", "Hi Anna & Co"),
        (Saying(text="Last call"), Saying(message="basket"), "sms", "Last call"),
        (Saying(message="basket"), Saying(text="no"), "viber", "Your basket is waiting, Anna & Co."),
        (Saying(message="basket"), None, "sms", "Basket: Anna & Co"),
        (Saying(message="basket"), None, "email", "<p>Anna &amp; Co</p>"),
        (Saying(message="template"), None, "whatsapp", None),
    ],
)
def test_what_a_step_says(own: Saying | None, common: Saying | None, channel: str, text: str | None) -> None:
    assert text_of(MODEL, *chain(own, common), channel, {"first_name": "Anna & Co"}) == text


def test_a_text_for_nobody_in_particular_has_fallbacks_and_names() -> None:
    basket = chain(Saying(message="basket"))
    assert text_of(MODEL, *basket, "viber", None) == "Your basket is waiting, friend."
    assert text_of(MODEL, *basket, "sms", None) == "Basket: first_name"


def test_parts_of_a_step() -> None:
    long = chain(Saying(text="a" * 155 + "{first_name|there}"))
    assert parts_of(MODEL, *long, "sms", None) == 1
    assert parts_of(MODEL, *long, "sms", {"first_name": "Jolanta"}) == 2
    assert parts_of(MODEL, *long, "sms", {"first_name": "Jānis"}) == 3
    assert parts_of(MODEL, *chain(), "sms", None) == 1
    assert parts_of(MODEL, *chain(Saying(message="template")), "sms", {}) == 1
    with pytest.raises(ValueError, match="first_name"):
        parts_of(MODEL, *chain(Saying(message="basket")), "sms", {})
