"""Checking, and so reading, keeps nothing but 8 bytes an id, however long the file is."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cascadesim.contacts import check_contacts

FEW, MANY, BATCH = 3_000, 12_000, 1_000
PER_ROW = 24  # bytes: 8 for the id's fingerprint, the rest for how arrays grow


def write_csv(path: Path, columns: dict[str, list[str]]) -> None:
    lines = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_parquet(path: Path, columns: dict[str, list[str]]) -> None:
    pq.write_table(pa.table(columns), path, row_group_size=BATCH)


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_memory_does_not_follow_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, dict[str, list[str]]], None]
) -> None:
    monkeypatch.setattr("cascadesim.contacts.parquet_file._BATCH", BATCH)
    peaks = []
    for rows in (FEW, MANY):
        path = tmp_path / str(rows)
        write(path, {"id": [f"c{n}" for n in range(rows)], "email": [f"{n:030}@example.com" for n in range(rows)]})
        check_contacts(path)  # what is imported or cached at the first go does not count
        tracemalloc.start()
        check_contacts(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < PER_ROW * (MANY - FEW)
