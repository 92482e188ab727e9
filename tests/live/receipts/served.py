"""A server of receipts in a process of its own, which tests kill: ``python -m tests.live.receipts.served PORT FILE N``.

The campaign is in a SQLite file; the first message to each of N people is out. Started again it goes on there.
"""

from __future__ import annotations

import sys

from cascadesim.live.receipts import FORMATS, Endpoint, application, server
from cascadesim.live.sql import open_store
from tests.live.receipts.desk_and_doors import PUSH_KEY, Doors, intake_of
from tests.live.stores import PLAN


def main(port: int, file: str, people: int) -> None:
    doors = Doors(open_store(file, name="spring", plan=PLAN))
    doors.stage.enter(*(str(n) for n in range(people)))
    doors.stage.at(0)
    endpoint = Endpoint("push", FORMATS["signed-json"], (PUSH_KEY,))
    server(application(intake_of(doors.store, doors.clock), doors.clock, [endpoint]), port=port).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
