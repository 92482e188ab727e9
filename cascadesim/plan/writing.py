"""Writing plans, and any output, whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from cascadesim.errors import InputError, OutsideError
from cascadesim.plan.document import Plan

_USERS_FAULT = frozenset(
    (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP)
)


def write_plan(plan: Plan, path: Path | str) -> None:
    """Writes the plan, whole or not at all; raises what `replacing` raises."""
    with replacing(path) as file:
        file.write(plan.text)


@contextmanager
def replacing(path: Path | str) -> Iterator[TextIO]:
    """A text file that takes the place of `path` when the block ends; raises what `drafting` raises."""
    with drafting(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def drafting(path: Path | str) -> Iterator[Path]:
    """An empty file to fill, which takes the place of `path` when the block ends; if it fails, nothing has changed.

    InputError where the path cannot be written to, or is no file (a folder, a device); OutsideError where the disk
    fails.
    """
    try:
        target, draft = _begun(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        yield draft
        draft.replace(target)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def check_writable(path: Path | str) -> None:
    """Raises what `drafting` would, before the long work whose result is to be written there."""
    try:
        _begun(path)[1].unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


def _begun(path: Path | str) -> tuple[Path, Path]:
    """The file to be replaced, behind all links, and an empty draft beside it."""
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise IsADirectoryError(errno.EISDIR, "it is not a file")
    draft = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}")
    draft.touch(exist_ok=False)
    return target, draft


def _unwritable(path: Path | str, error: OSError) -> InputError | OutsideError:
    message = f"cannot write {path}: {error.strerror or error}"
    if error.errno in _USERS_FAULT:
        return InputError.of("C308", message, "name a file in a folder that exists and that you may write to")
    return OutsideError(message)
