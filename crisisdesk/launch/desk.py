"""The sequence: everything in its order, and everything ended in its order."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import connection

from crisisdesk.launch import demo, network, prepare
from crisisdesk.launch.broker import Broker, forget_socket, start_broker
from crisisdesk.launch.children import Child, end_all, kill_all, watch
from crisisdesk.launch.folder import keep_secret_key, locked, log_file

LOOK_EVERY = 0.3
STREAMS = 4096
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """Someone asked the desk to end. Not an Exception, so that nothing on the way swallows it."""


@dataclass
class Desk:
    """One run of the desk. `aloud` shows what the processes say instead of keeping it in files."""

    host: str
    port: int
    demo: bool
    say: Callable[[str], None]
    aloud: bool = False
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    broker: Broker | None = None
    children: list[Child] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return Path(settings.DATA_DIR)

    @property
    def address(self) -> str:
        return network.address_of(self.host, self.port)

    def run(self) -> None:
        """Start everything, watch it, and end it when asked to.

        :raises CannotStart: when it cannot start; whatever had started has ended then.
        """
        began = time.monotonic()
        _let_signals_end_it()
        os.umask(0o077)  # whatever is made from here on is the owner's alone
        try:
            with locked(self.data, address=self.address):
                try:
                    self._start(began)
                    self._watch()
                finally:
                    self._end()
        except Ended:
            self.say("All ended.")

    def _start(self, began: float) -> None:
        network.demand_free_port(self.host, self.port)
        self._tell_the_children()
        self._say_what_is_used()
        prepare.compile_catalogues(say=self.say)
        prepare.migrate(say=self.say)
        prepare.collect_static(self.environment, say=self.say)
        self._start_web()
        network.wait_for_page(self.address, self.children[0])
        last = demo.sign_ins(self.data, self.environment) if self.demo else self._newcomers()
        for child in self.children[1:]:
            child.start(self.environment, aloud=self.aloud)
        connection.close()  # from here on only the processes speak to the database
        self.say(f"\nReady after {time.monotonic() - began:.1f} s: {self.address}/")
        if last:
            self.say(f"\n{last}")
        self.say("\nCtrl-C ends everything.")

    def _tell_the_children(self) -> None:
        """Give the processes what this installation is, where the environment does not say."""
        known = self.environment
        known.setdefault("DJANGO_SETTINGS_MODULE", "crisisdesk.settings")
        known["CRISISDESK_DATA"] = str(self.data)
        known["PYTHONUNBUFFERED"] = "1"
        if not known.get("SECRET_KEY"):
            known["SECRET_KEY"] = keep_secret_key(self.data)
        if not known.get("PUBLIC_URL"):
            known["PUBLIC_URL"] = self.address
        if not known.get("ALLOWED_HOSTS") and not network.is_loopback(self.host):
            known["ALLOWED_HOSTS"] = ",".join(network.reachable_names(self.host))
        if self.demo:
            known["CRISISDESK_DEMO"] = "1"
        if settings.REDIS_URL:
            network.demand_redis(settings.CELERY_BROKER_URL)
        else:
            self.broker = start_broker(self.data, aloud=self.aloud)
            known["REDIS_URL"] = self.broker.url

    def _say_what_is_used(self) -> None:
        broker = (
            f"{self.broker.server.name}, started here, on a private socket"
            if self.broker
            else f"Redis, {network.without_password(settings.REDIS_URL)}"
        )
        mail = (
            f"by {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
            if settings.EMAIL_CONFIGURED
            else "no mail server is set (EMAIL_HOST): mails are kept in the data folder"
        )
        self.say("CrisisDesk")
        self.say(f"  Database  {prepare.describe_database()}")
        self.say(f"  Broker    {broker}")
        self.say(f"  Mail      {mail}")
        self.say(f"  Data      {self.data}")
        if self.demo and not network.is_loopback(self.host):
            self.say("  Careful   the demo's passwords are public, and so is this address")

    def _start_web(self) -> None:
        _allow_many_connections()
        self.children = [
            Child("web server", self._web(), log_file(self.data, "web"), patience=6),
            Child("beat", _celery("beat", *BEAT), log_file(self.data, "beat"), patience=4),
            Child("worker", _celery("worker", *WORKER), log_file(self.data, "worker"), patience=12),
        ]
        self.children[0].start(self.environment, aloud=self.aloud)

    def _web(self) -> list[str]:
        options = {
            "interface": "asgi",
            "host": self.host,
            "port": str(self.port),
            "workers": self.environment.get("WEB_WORKERS", "").strip() or "1",
            "workers-kill-timeout": "3",
            "backlog": str(STREAMS),
            "backpressure": str(STREAMS),
            "http": "1",
            "log-level": "warning",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return [
            *(sys.executable, "-m", "granian", *words),
            *("--no-ws", "--respawn-failed-workers", "crisisdesk.launch.web:application"),
        ]

    def _newcomers(self) -> str:
        if demo.has_people():
            return ""
        return (
            "Nobody can sign in yet. Make the first account in another terminal:\n"
            "  .venv/bin/python manage.py create_administrator"
        )

    def _watch(self) -> None:
        watched = [*self.children, *([self.broker.child] if self.broker else [])]
        while True:
            time.sleep(LOOK_EVERY)
            watch(watched, self.environment, say=self.say, aloud=self.aloud)

    def _end(self) -> None:
        """Web, beat, worker, and the broker last; a second Ctrl-C ends them at once."""
        everything = [*self.children, *([self.broker.child] if self.broker else [])]
        if any(child.runs for child in everything):
            self.say("\nEnding: web server, beat, worker, broker. Ctrl-C again ends at once.")
        try:
            end_all(everything)
        except Ended:
            kill_all(everything)
        with suppress(Ended):
            _ignore_signals()
            if self.broker:
                forget_socket(self.broker.socket)


BEAT = ("--scheduler", "celery.beat:Scheduler", "--pidfile", "", "--loglevel", "WARNING")
WORKER = (
    *("--pool", "threads", "--concurrency", "4", "--loglevel", "WARNING"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)


def _celery(*words: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "crisisdesk", "--quiet", *words]


def _let_signals_end_it() -> None:
    def end(_signal: int, _frame: FrameType | None) -> None:
        raise Ended

    for name in ENDING_SIGNALS:
        if name != signal.SIGHUP or signal.getsignal(name) != signal.SIG_IGN:  # nohup
            signal.signal(name, end)


def _ignore_signals() -> None:
    for name in ENDING_SIGNALS:
        signal.signal(name, signal.SIG_IGN)


def _allow_many_connections() -> None:
    """Every open room is a connection: ask for as many files as the system lets us have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
