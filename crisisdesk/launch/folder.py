"""The data folder: made private, locked for one desk at a time, with its secret key."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.utils.crypto import get_random_string

from crisisdesk.environment import SECRET_FILE
from crisisdesk.launch.refusal import WRONG_USAGE, CannotStart

KEY_LENGTH = 64
LOG_LIMIT = 5_000_000


@contextmanager
def locked(folder: Path, *, address: str) -> Iterator[None]:
    """Hold the folder until the end; the kernel lets go of it even after kill -9.

    :raises CannotStart: when another desk holds it, or when it cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "logs").mkdir(mode=0o700, exist_ok=True)
        lock = (folder / "desk.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be used: {error.strerror}. "
            "Choose another with CRISISDESK_DATA."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().strip() or "another desk"
            raise CannotStart(
                f"The data folder {folder} is in use by {holder}. "
                "Stop that desk first, or choose another folder with CRISISDESK_DATA.",
                code=WRONG_USAGE,
            ) from error
        lock.truncate(0)
        lock.write(f"the desk at {address} (process {os.getpid()})\n")
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def keep_secret_key(folder: Path) -> str:
    """Return the installation's key; make it, readable by its owner only, the first time."""
    path = folder / SECRET_FILE
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(get_random_string(KEY_LENGTH) + "\n")
    return path.read_text(encoding="ascii").strip()


def log_file(folder: Path, name: str) -> Path:
    """Return the log of a process; put the old one aside when it has grown large."""
    path = folder / "logs" / f"{name}.log"
    with suppress(FileNotFoundError):
        if path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
    return path
