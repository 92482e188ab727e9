"""Bounces: mails by which mail servers say, after they took a mail, that it could not be delivered (RFC 3464).

Such a mail is a multipart/report: words for people, a part for machines, and the mail that it is about, or its
headers. In these stands our Message-ID, which says which message it was. Only `failed` is a bounce: a server that
writes `delayed` goes on trying. What people write back, and bounces of other mails, are passed over.

Mails are read by the older of Python's two policies: it takes headers as they are, and stumbles over none.
"""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from cascadesim.errors import Diagnostic, InputError
from cascadesim.live import codes
from cascadesim.live.intake import Told
from cascadesim.live.message_ids import key_of
from cascadesim.live.receipts.shape import LONGEST
from cascadesim.live.rows import Receipt

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_UNSAID = "5.0.0"
_HINT = "give a Maildir, an mbox file, a folder of .eml files, or one of them"


def read_bounces(path: Path, channel: str, now: int) -> list[Told]:
    """What the mails there say of the channel's messages: `failed`, at the campaign's instant `now`, each once.

    `path` is a Maildir, an mbox file, a folder of .eml files, or one such file; nothing in it is changed. A receipt's
    id is made of the message's key and the status (RFC 3463), so the same bounce read again is known. InputError.
    """
    told: dict[str, Told] = {}
    for mail in _mails(path):
        status, key = _failure(mail), _message(mail)
        if status is not None and key is not None:
            name = f"receipt:{channel}:bounce:{status}:{key}"
            told.setdefault(name, Told(channel, Receipt(name, key, "failed", now)))
    return list(told.values())


def _failure(mail: Message) -> str | None:
    """The status with which the mail says that a message failed; None if it says no such thing."""
    for part in _parts(mail):
        if part.get_content_type() == "message/delivery-status":
            for group in _inside(part):  # one of the message as a whole, and one for each of its recipients
                if str(group.get("Action", "")).split("(")[0].strip().lower() == "failed":
                    said = _STATUS.search(str(group.get("Status", "")))
                    return said[0] if said is not None else _UNSAID
    return None


def _message(mail: Message) -> str | None:
    """The key of the message that the mail is about: from the mail returned, else from what this one answers to."""
    said = [str(returned.get("Message-ID", "")) for part in _parts(mail) for returned in _returned(part)]
    for name in ("In-Reply-To", "References"):
        said += str(mail.get(name, "")).split()
    return next((key for key in map(key_of, said) if key is not None and _can_be(key)), None)


def _returned(part: Message) -> list[Message]:
    if part.get_content_type() == "text/rfc822-headers":
        headers = part.get_payload(decode=True)
        return [message_from_bytes(headers)] if isinstance(headers, bytes) else []
    return _inside(part) if part.get_content_maintype() == "message" else []


def _parts(mail: Message) -> list[Message]:
    """The parts of a report, and not what is in the mail that it returns."""
    return _inside(mail) if mail.get_content_type() == "multipart/report" else []


def _inside(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []


def _can_be(key: str) -> bool:
    """Whoever writes a bounce may have made up its Message-ID: it goes to the store only as keys are."""
    return len(key) <= LONGEST and key.isprintable()


def _mails(path: Path) -> Iterator[Message]:
    try:
        if not path.is_dir():
            yield from _of_file(path)
        elif all((path / name).is_dir() for name in ("cur", "new")):
            yield from mailbox.Maildir(path, create=False)
        else:
            yield from _of_folder(path)
    except OSError as error:
        raise _fault(f"cannot read {error.filename or path}: {error.strerror or error}") from error


def _of_file(path: Path) -> Iterator[Message]:
    with path.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    if not is_mbox:
        yield from _single([path])
        return
    box = mailbox.mbox(path, create=False)
    try:
        yield from box
    finally:
        box.close()


def _of_folder(path: Path) -> Iterator[Message]:
    files = sorted(path.glob("*.eml"))
    if not files:
        raise _fault(f"there are no mails in {path}")
    yield from _single(files)


def _single(files: list[Path]) -> list[Message]:
    mails = {file: message_from_bytes(file.read_bytes()) for file in files}
    wrong = [file for file, mail in mails.items() if not mail.keys()]
    if wrong:
        raise InputError(*(Diagnostic(codes.NO_BOUNCES, "error", None, f"{f} is no mail", _HINT) for f in wrong))
    return list(mails.values())


def _fault(what: str) -> InputError:
    return InputError.of(codes.NO_BOUNCES, what, _HINT)
