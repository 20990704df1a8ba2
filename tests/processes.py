"""Real processes on scratch data: a whole desk by its launcher, or its parts to be killed."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from crisisdesk.launch.broker import Broker, start_broker
from crisisdesk.launch.children import Child
from tests import services

ROOT = Path(__file__).resolve().parent.parent
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PUBLIC_URL", "ALLOWED_HOSTS", "STATIC_ROOT")
READY = "Ctrl-C ends everything."


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(look: Callable[[], Any], *, seconds: float = 15.0, what: str = "it") -> Any:
    """Return what `look` finds, as soon as it finds something; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds} s.")


def gone(pid: int) -> bool:
    """True when no such process runs (a zombie runs no more)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that is made once per test run, by whichever process needs it first."""
    run = Path(os.environ["CRISISDESK_TEST_RUN"])
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / name).exists():
            shutil.rmtree(run / f"{name}.new", ignore_errors=True)
            (run / f"{name}.new").mkdir()
            make(run / f"{name}.new")
            (run / f"{name}.new").rename(run / name)
    return run / name


def _with_tables(data: Path) -> None:
    manage(environment(data), "migrate", "--verbosity", "0")
    _let_go(data)


def _lived_in(data: Path) -> None:
    """Tell the story of the demo, and keep its sign-ins where the launcher looks for them."""
    place_tables(data)
    said = manage(environment(data), "demo")
    (data / "demo-sign-ins.txt").write_text(said, encoding="utf-8")
    _let_go(data)


def _let_go(data: Path) -> None:
    """Write all into the one file that is copied."""
    with sqlite3.connect(data / "desk.sqlite3") as line:
        line.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    line.close()


def place_tables(data: Path) -> None:
    """Put a copy of the tables into a data folder, to spare it the migrations."""
    data.mkdir(parents=True, exist_ok=True)
    shutil.copy(made_once("with-tables", _with_tables) / "desk.sqlite3", data / "desk.sqlite3")


def place_demo(data: Path) -> None:
    """Make a data folder in which the people of the demo live already, on SQLite."""
    shutil.copytree(made_once("lived-in", _lived_in), data)


@contextmanager
def scratch_database(kind: str) -> Iterator[str]:
    """A DATABASE_URL of one's own: empty for SQLite in the data folder, or a new PostgreSQL."""
    if kind == "sqlite":
        yield ""
        return
    server = services.demand("postgres")
    name = f"crisisdesk_scratch_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.rpartition("/")[0] + f"/{name}"
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def environment(data: Path, *, database: str = "", mail_port: int = 0) -> dict[str, str]:
    """The environment of an installation of its own: nothing of ours leaks into it."""
    known = {name: value for name, value in os.environ.items() if name not in OURS}
    known |= {
        "CRISISDESK_ENV": "desk",
        "CRISISDESK_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "crisisdesk.settings",
        "DATABASE_URL": database,
        "PYTHONUNBUFFERED": "1",
    }
    if mail_port:
        known |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(mail_port)}
    return known


def manage(known: dict[str, str], *words: str, given: str = "") -> str:
    """Run a management command there; return what it prints, fail when it fails."""
    result = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        env=known,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert result.returncode == 0, f"{words}: {result.stdout}\n{result.stderr}"
    return result.stdout


def tell(known: dict[str, str], story: str) -> Any:
    """Run Python inside the installation; return, by way of JSON, what it leaves in `answer`."""
    code = (
        "import django; django.setup(); answer = None\n"
        f"{story}\nimport json; print('\\n@' + json.dumps(answer, default=str))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=known,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.rpartition("\n@")[2])


@dataclass
class RunningDesk:
    """A desk started by its launcher, as `manage.py desk` starts it."""

    data: Path
    known: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    printed: Path = Path()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self, *words: str) -> None:
        """Start it without waiting; what it prints is kept in `printed`."""
        self.printed = self.data.parent / f"{self.data.name}-{uuid.uuid4().hex[:6]}.txt"
        with self.printed.open("w", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "desk", "--port", str(self.port), *words],
                env=self.known,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                cwd=ROOT,
            )

    def wait_until_ready(self, *, seconds: float = 90.0) -> str:
        """Return what it printed, once it is up."""

        def look() -> str:
            said = self.said()
            assert self.process is not None
            assert self.process.poll() is None, f"It ended before it was up:\n{said}"
            return said if READY in said else ""

        return str(eventually(look, seconds=seconds, what="The desk being up"))

    def said(self) -> str:
        return self.printed.read_text(encoding="utf-8")

    def children(self) -> dict[str, int]:
        """The processes the launcher started, by name."""
        marks = {"granian": "web", " beat ": "beat", " worker ": "worker", "broker.sock": "broker"}
        found: dict[str, int] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError):
                status = (folder / "stat").read_text(encoding="ascii", errors="replace")
                parent = int(status.rpartition(")")[2].split()[1])
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if parent == self.pid:
                    found |= {
                        name: int(folder.name) for mark, name in marks.items() if mark in line
                    }
        return found

    def family(self) -> set[int]:
        """Every process below the launcher, children of children included."""
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError):
                status = (folder / "stat").read_text(encoding="ascii", errors="replace")
                parents[int(folder.name)] = int(status.rpartition(")")[2].split()[1])
        family, before = {self.pid}, set[int]()
        while family != before:
            before = set(family)
            family |= {pid for pid, parent in parents.items() if parent in family}
        return family - {self.pid}

    def interrupt(self, *, seconds: float = 30.0) -> int:
        """Press Ctrl-C; return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=seconds)

    def kill(self) -> None:
        """Kill the launcher with -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            try:
                self.interrupt()
            except subprocess.TimeoutExpired:
                self.kill()


@dataclass
class Machine:
    """Broker, worker and beat without a launcher: each started and killed by the test."""

    data: Path
    known: dict[str, str]
    broker: Broker | None = None
    parts: dict[str, Child] = field(default_factory=dict)

    def prepare(self) -> None:
        """Make the tables, and start the broker."""
        (self.data / "logs").mkdir(parents=True, exist_ok=True)
        if self.known["DATABASE_URL"]:
            manage(self.known, "migrate", "--verbosity", "0")
        else:
            place_tables(self.data)
        self.start_broker()

    def start_broker(self) -> None:
        self.broker = start_broker(self.data)
        self.known["REDIS_URL"] = self.broker.url

    def start(self, name: str, *words: str) -> None:
        """Start `worker` or `beat`; more words are more options of Celery's."""
        program = [sys.executable, "-m", "celery", "--app", "crisisdesk", "--quiet", name]
        usual = {
            "worker": ["--pool", "threads", "--concurrency", "4", "--without-mingle"],
            "beat": ["--scheduler", "celery.beat:Scheduler", "--pidfile", ""],
        }
        child = Child(name, [*program, *usual[name], *words], self.data / "logs" / f"{name}.log")
        child.start(self.known)
        self.parts[name] = child

    def kill(self, name: str) -> None:
        """Kill `worker`, `beat` or `broker` with -9."""
        if name == "broker":
            assert self.broker is not None
            self.broker.child.kill()
        else:
            self.parts[name].kill()

    def empty_broker(self) -> None:
        """Make the broker forget everything."""
        assert self.broker is not None
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.broker.socket))
            line.sendall(b"FLUSHALL\r\n")
            assert line.recv(64).startswith(b"+OK")

    def tell(self, story: str) -> Any:
        return tell(self.known, story)

    def manage(self, *words: str) -> str:
        return manage(self.known, *words)

    def stop(self) -> None:
        for child in self.parts.values():
            child.kill()
        if self.broker is not None:
            self.broker.child.end()


def static_root() -> Path:
    """Pages' files, collected once for all desks of this test run."""
    return made_once("collected", _collect)


def _collect(root: Path) -> None:
    known = environment(root.with_suffix(".data")) | {"STATIC_ROOT": str(root)}
    tell(
        known,
        "import os\nfrom crisisdesk.launch.prepare import collect_static\n"
        "collect_static(os.environ, say=lambda words: None)",
    )
