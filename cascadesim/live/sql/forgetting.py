"""Erasing a person: what is kept is that somebody was there, so that sums stay what they were, and a fingerprint.

Their id, addresses and cells, their messages and all that was reported of them are deleted, in every campaign of the
database. The fingerprint keeps the same file from entering them again. Copies of the database, such as the one that a
migration leaves beside it, are another matter.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from sqlalchemy import Connection, delete, or_, update

from cascadesim.cascade import Phase
from cascadesim.live.campaign import keys_of, recipient_key
from cascadesim.live.intake import REASONS, stop_name
from cascadesim.live.rows import Recipient
from cascadesim.live.sql import codec
from cascadesim.live.sql.schema import attempt, event, forgotten, queue, recipient, standing
from cascadesim.live.sql.store import SqlStore, mark_of


def forget(store: SqlStore, person: str) -> int:
    """Erases the person with this id; in how many campaigns there was something of them.

    Their campaigns should have been told to stop before (`intake.Stop`), so that nobody waits behind them.
    """
    with store.connection() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        found = store.everywhere(person)
        for campaign, name, row in found:
            _erase(connection, campaign, name, row)
        names = [stop_name(reason, person) for reason in REASONS]
        connection.execute(delete(event).where(or_(event.c.recipient == person, event.c.id.in_(names))))
        mark = mark_of(person)
        connection.execute(delete(forgotten).where(forgotten.c.mark == mark))
        connection.execute(forgotten.insert().values(mark=mark))
    store.checkpoint()
    return len(found)


def _erase(connection: Connection, campaign: int, name: str, row: Recipient) -> None:
    keys = keys_of(name, row)
    their = event.c.attempt.in_(keys) | (event.c.recipient == row.key)
    connection.execute(delete(event).where(event.c.campaign == campaign, their))
    connection.execute(delete(attempt).where(attempt.c.campaign == campaign, attempt.c.key.in_(keys)))
    nobody = _nobody(row)
    values = dict(zip(recipient.c.keys(), codec.row_of(campaign, nobody), strict=True))
    connection.execute(
        update(recipient).where(recipient.c.campaign == campaign, recipient.c.key == row.key).values(values)
    )
    # Their place in a line stays, for lines are counted; whoever comes to it finds nobody who waits.
    stood = standing.c.campaign == campaign, standing.c.recipient == row.key
    connection.execute(update(standing).where(*stood).values(recipient=nobody.key))
    headed = queue.c.campaign == campaign, queue.c.head == row.key
    connection.execute(update(queue).where(*headed).values(head=None))


def _nobody(row: Recipient) -> Recipient:
    name = f"forgotten-{secrets.token_hex(8)}"
    person = replace(row.person, id=name, counter=0, reach=frozenset(), columns={}, zone="UTC")
    journey = row.journey._replace(
        phase=Phase.DONE, due=None, pending=(), out=(), told=frozenset(), stops=frozenset(), last=0
    )
    return Recipient(recipient_key(person), person, row.route, journey, row.queued_at)
