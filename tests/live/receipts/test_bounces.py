"""Bounces as the mail servers there are write them, in all the places where they may lie."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from cascadesim.errors import InputError
from cascadesim.live import MemoryStore
from cascadesim.live.intake import Told
from cascadesim.live.message_ids import message_id
from cascadesim.live.receipts import read_bounces
from cascadesim.live.rows import Receipt
from tests.live.receipts.desk_and_doors import FIRST, Doors, intake_of

FOLDER = Path(__file__).parent / "bounces"
MAILS = {file.stem: file.read_bytes() for file in FOLDER.glob("*.eml")}
NOW = 7
QUOTED = "text/rfc822-headers\nContent-Transfer-Encoding: quoted-printable"
REPORT = """\
From: postmaster@x.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b
{more}
--b

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; x.example

{group}

--b
Content-Type: {returned}

{headers}

--b--
"""


def told(person: str, status: str) -> Told:
    key = f"spring:s:{person}:1:email:0"
    name = f"receipt:email:bounce:{status}:{key}"
    return Told("email", Receipt(name, key, "failed", NOW))


ALL = {told("ann", "5.1.1"), told("bob", "5.0.0"), told("eve", "5.2.2")}


def read(path: Path) -> list[Told]:
    return read_bounces(path, "email", NOW)


def report(folder: Path, **parts: str) -> Path:
    """A bounce of the first message, of which these parts are other."""
    usual = {
        "more": "",
        "group": "Action: failed\nStatus: 5.1.1",
        "returned": "text/rfc822-headers",
        "headers": f"Message-ID: {message_id(FIRST, 'shop.example')}",
    }
    file = folder / "bounce.eml"
    file.write_text(REPORT.format(**usual | parts))
    return file


@pytest.mark.parametrize(
    ("server", "person", "status"),
    [("postfix", "ann", "5.1.1"), ("exim", "bob", "5.0.0"), ("exchange", "eve", "5.2.2")],
)
def test_each_server_s_way(server: str, person: str, status: str):
    """Exchange's returned mail is packed so that no reader sees into it; what it answers to says which it is."""
    assert read(FOLDER / f"{server}.eml") == [told(person, status)]


def test_a_delay_is_no_failure():
    assert read(FOLDER / "delayed.eml") == []


def test_a_folder_of_mails():
    assert set(read(FOLDER)) == ALL
    assert len(read(FOLDER)) == 3


def test_a_maildir_with_other_mails_in_it_stays_as_it_is(tmp_path: Path):
    box = mailbox.Maildir(tmp_path / "bounces")
    for content in (*MAILS.values(), *MAILS.values(), b"From: ann@people.example\n\nThank you, but I am away.\n"):
        box.add(content)
    before = sorted(file.relative_to(tmp_path) for file in tmp_path.rglob("*"))
    found = read(tmp_path / "bounces")
    assert (len(found), set(found)) == (3, ALL), "the same bounce twice is one"
    assert sorted(file.relative_to(tmp_path) for file in tmp_path.rglob("*")) == before


def test_an_mbox(tmp_path: Path):
    box = mailbox.mbox(tmp_path / "bounces")
    for content in MAILS.values():
        box.add(content)
    box.close()
    before = (tmp_path / "bounces").read_bytes()
    assert set(read(tmp_path / "bounces")) == ALL
    assert (tmp_path / "bounces").read_bytes() == before


def test_line_breaks_as_on_the_wire(tmp_path: Path):
    for name, content in MAILS.items():
        (tmp_path / f"{name}.eml").write_bytes(content.replace(b"\n", b"\r\n"))
    assert set(read(tmp_path)) == ALL


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({}, "5.1.1"),
        ({"group": "action: FAILED (for good)\nstatus: 4.4.7 (expired)"}, "4.4.7"),
        ({"group": "Action: failed"}, "5.0.0"),
        ({"group": "Action: failed\nStatus: 5.1.1111111111"}, "5.0.0"),
        ({"group": "Action: delivered\nStatus: 2.0.0\n\nAction: failed\nStatus: 5.7.1"}, "5.7.1"),
        ({"returned": "message/rfc822"}, "5.1.1"),
        ({"returned": QUOTED, "headers": f"Message=2DID: {message_id(FIRST, 'shop.example')}"}, "5.1.1"),
        ({"headers": "X: y", "more": f"References: <a@b.example>\n {message_id(FIRST, 'shop.example')}\n"}, "5.1.1"),
        ({"group": "Action: relayed\nStatus: 2.0.0"}, None),
        ({"group": "Status: 5.1.1"}, None),
        ({"group": ""}, None),
        ({"headers": "Message-ID: <somebody.else@x.example>"}, None),
        ({"headers": "Message-ID: " + message_id("a\0b", "x.example")}, None),
        ({"headers": "Message-ID: " + message_id("k" * 401, "x.example")}, None),
        ({"headers": "", "more": "Message-ID: " + message_id(FIRST, "x.example") + "\n"}, None),
        ({"headers": "", "more": "In-Reply-To: =?utf-8?q?=FF?= \x80\n"}, None),
        ({"returned": "text/plain"}, None),
    ],
)
def test_what_may_be_in_a_report(parts: dict[str, str], status: str | None, tmp_path: Path):
    found = [one.receipt for one in read(report(tmp_path, **parts))]
    wanted = [] if status is None else [Receipt(f"receipt:email:bounce:{status}:{FIRST}", FIRST, "failed", NOW)]
    assert found == wanted


def test_what_is_in_the_mail_that_is_returned_is_no_report(tmp_path: Path):
    """Somebody has forwarded a bounce to us, or writes of one."""
    inside = report(tmp_path).read_text().replace("boundary=b", "boundary=c").replace("--b", "--c")
    report(tmp_path, group="Action: delayed", returned="message/rfc822", headers=inside)
    assert read(tmp_path) == []
    (tmp_path / "bounce.eml").write_text(f"From: a@b.example\nContent-Type: message/rfc822\n\n{inside}")
    assert read(tmp_path) == []


def test_broken_mails_are_passed_over(tmp_path: Path):
    """Cut off anywhere, and with bytes that are in no alphabet: there may be less in it, and nothing breaks."""
    whole = MAILS["exchange"]
    for end in range(1_000, len(whole), 37):
        (tmp_path / f"{end}.eml").write_bytes(whole[:end])
        (tmp_path / f"{end}-other.eml").write_bytes(whole[:end].replace(b"a", b"\xff"))
    assert set(read(tmp_path)) == {told("eve", "5.2.2")}


def test_what_cannot_be_read_is_named(tmp_path: Path):
    def fault(path: Path) -> list[str]:
        with pytest.raises(InputError) as error:
            read(path)
        assert {one.code for one in error.value.diagnostics} == {"C387"}
        return [one.message for one in error.value.diagnostics]

    assert fault(tmp_path / "nowhere") == [f"cannot read {tmp_path / 'nowhere'}: No such file or directory"]
    assert fault(tmp_path) == [f"there are no mails in {tmp_path}"]
    for name in ("a.eml", "b.eml"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "c.eml").write_bytes(MAILS["exim"])
    assert fault(tmp_path) == [f"{tmp_path / name} is no mail" for name in ("a.eml", "b.eml")]


def test_a_bounce_settles_what_was_left_open_and_is_taken_once(tmp_path: Path):
    """The answer of the server never came; its bounce says that it had the mail. (The channel here is push.)"""
    doors = Doors(MemoryStore())
    doors.store._messages[FIRST] = doors.store.message(FIRST)._replace(state="unknown")
    intake = intake_of(doors.store, doors.clock)
    bounces = read_bounces(report(tmp_path), "push", doors.clock.now())
    assert intake.take(bounces) == ["new"]
    assert doors.store.message(FIRST).state == "refused"
    assert intake.take(bounces) == ["known"]
    assert intake.take(read_bounces(report(tmp_path), "sms", 0)) == ["unknown"], "a message of another channel"
