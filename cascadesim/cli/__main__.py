"""`python -m cascadesim.cli` is `cascadesim`."""

from __future__ import annotations

from cascadesim.cli import main

main(prog_name="cascadesim")
