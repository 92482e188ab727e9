"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

PATH = click.Path(path_type=Path)
"""A path as it was given: whether it can be read or written is for the command to find out, and to explain."""

script_file = click.argument("file", type=PATH)
plan_file = click.argument("plan", type=PATH)
seed = click.option("--seed", type=click.IntRange(min=0), help="Random numbers: instead of the script's own seed.")
records = click.option("--records", type=PATH, help="Write every message as a row of this Parquet file.")
