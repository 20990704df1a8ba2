"""Reads the environment. Every variable CrisisDesk knows is read through here, by settings.py."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import get_random_string

from crisisdesk.kit import lines

SECRET_FILE = "secret-key"  # noqa: S105 - the name of the file, not the secret
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def flag(name: str, *, default: bool = False) -> bool:
    """Read a yes or no; refuse anything else, so that a typing error is not a silent "no"."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.strip().lower() in TRUE:
        return True
    if raw.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {raw!r}: write 1 or 0.")


def number(name: str, *, default: int) -> int:
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {raw!r}: write a whole number.") from None


def minutes(name: str, *, default: int) -> timedelta:
    """Read a length of time in whole minutes; refuse none at all."""
    length = number(name, default=default)
    if length < 1:
        raise ImproperlyConfigured(f"{name} is {length}: write a number of minutes, 1 or more.")
    return timedelta(minutes=length)


def words(name: str) -> list[str]:
    """Read a list written with commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def is_production() -> bool:
    """True when asked for by name; refuse a name nobody knows."""
    asked = os.environ.get("CRISISDESK_ENV", "").strip().lower()
    if asked not in {"", "desk", "production", "test"}:
        raise ImproperlyConfigured(
            f"CRISISDESK_ENV is {asked!r}: write desk, production or test, or leave it out."
        )
    return asked == "production"


def data_folder() -> Path:
    """The folder that holds the database, the files and the broker of a desk on one machine."""
    chosen = os.environ.get("CRISISDESK_DATA", "").strip()
    if chosen:
        return Path(chosen).expanduser().resolve()
    base = os.environ.get("XDG_DATA_HOME", "").strip() or "~/.local/share"
    return Path(base).expanduser().resolve() / "crisisdesk"


def secret_key(data: Path, *, production: bool) -> str:
    """The key given, else the one kept in the data folder, else one for this process alone.

    :raises ImproperlyConfigured: in production, when none is given.
    """
    given = os.environ.get("SECRET_KEY", "").strip()
    if given:
        return given
    if production:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing. Make one of at least 50 random characters, the same for "
            "every host, and pass it in the environment."
        )
    kept = data / SECRET_FILE
    try:
        return kept.read_text(encoding="ascii").strip() or get_random_string(64)
    except OSError:
        return get_random_string(64)


def public_url(*, production: bool) -> str:
    """The address under which people reach the desk, without the slash at its end."""
    url = os.environ.get("PUBLIC_URL", "").strip().rstrip("/")
    if not url:
        if production:
            raise ImproperlyConfigured(
                "PUBLIC_URL is missing: the address people type, such as https://desk.example.com."
            )
        return "http://127.0.0.1:8000"
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ImproperlyConfigured(
            f"PUBLIC_URL is {url!r}: write scheme and host, such as https://desk.example.com."
        )
    return url


def allowed_hosts(public: str, *, production: bool) -> list[str]:
    hosts = words("ALLOWED_HOSTS")
    if hosts:
        return hosts
    if production:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is missing: the host names people type, with commas between them."
        )
    return [*LOOPBACK, urlsplit(public).hostname or "localhost"]


def database(data: Path) -> dict[str, Any]:
    """PostgreSQL by DATABASE_URL; else SQLite in the data folder. Both as FACTS of the parts ask.

    SQLite: write-ahead log and immediate transactions, so that writers queue and never collide;
    its folder is made here, readable by its owner only, because SQLite would not make it.
    PostgreSQL: every request has its own thread under ASGI, so a connection kept by a thread
    would serve one request. The process keeps them instead, up to DATABASE_CONNECTIONS: one more
    request than that waits. One that died, as when the server restarts, is found before it is lent.
    """
    url = os.environ.get("DATABASE_URL", "").strip()
    config: dict[str, Any]
    if url:
        try:
            config = dict(dj_database_url.parse(url))
        except Exception as error:
            raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    else:
        config = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "desk.sqlite3")}
        with suppress(OSError):
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            ),
        }
    elif config["ENGINE"] == "django.db.backends.postgresql":
        config.setdefault("OPTIONS", {})
        config["OPTIONS"].setdefault("connect_timeout", 10)
        # A page asks the same questions again and again: the server plans each once a connection.
        config["OPTIONS"].setdefault("server_side_binding", True)
        config["OPTIONS"].setdefault("prepare_threshold", 5)
        config["CONN_MAX_AGE"] = 0
        config["CONN_HEALTH_CHECKS"] = True
        config["OPTIONS"]["pool"] = lines.pool(most=number("DATABASE_CONNECTIONS", default=20))
    else:
        raise ImproperlyConfigured("DATABASE_URL must name PostgreSQL or SQLite.")
    config["TEST"] = _test_database(config)
    return config


def _test_database(config: Mapping[str, Any]) -> dict[str, Any]:
    """Name the test database, so that runs side by side do not meet (TEST_DB_SUFFIX)."""
    suffix = os.environ.get("TEST_DB_SUFFIX", "").strip()
    tail = f"_{suffix}" if suffix else ""
    if config["ENGINE"] == "django.db.backends.postgresql":
        return {"NAME": f"test_crisisdesk{tail}"}
    return {"NAME": None}


def mail() -> dict[str, Any]:
    """Mail by EMAIL_HOST; without it, mails are files in the data folder (see settings)."""
    return {
        "host": os.environ.get("EMAIL_HOST", "").strip(),
        "port": number("EMAIL_PORT", default=25),
        "user": os.environ.get("EMAIL_USER", ""),
        "password": os.environ.get("EMAIL_PASSWORD", ""),
        "tls": os.environ.get("EMAIL_TLS", "").strip().lower(),
        "sender": os.environ.get("EMAIL_FROM", "").strip() or "CrisisDesk <crisisdesk@localhost>",
        "timeout": number("EMAIL_TIMEOUT", default=10),
    }
