"""One campaign of many people, as a process of its own: `python -m tests.benchmarks.speed.many 10000000`.

Prints JSON: the people, the best time of three runs in seconds, and the most memory in bytes that the process had.
"""

from __future__ import annotations

import json

import click

from tests.benchmarks.speed.campaign import campaign
from tests.benchmarks.speed.engine import seconds_of
from tests.benchmarks.speed.machine import peak_memory


@click.command()
@click.argument("people", type=int)
def main(people: int) -> None:
    """Simulates the benchmark's campaign for so many PEOPLE, with its limits, in one thread."""
    seconds = seconds_of(campaign(people), jobs=1, seconds=0)
    click.echo(json.dumps({"people": people, "seconds": seconds, "peak_memory": peak_memory()}))


if __name__ == "__main__":
    main()
