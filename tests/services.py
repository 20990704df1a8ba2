"""What the tests need from the machine: PostgreSQL, Redis, Chromium. Found, or named as missing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import suppress
from functools import cache
from urllib.parse import urlsplit

import psycopg
import pytest

POSTGRES = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/9"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = frozenset(filter(None, os.environ.get("REQUIRE", "").replace(" ", "").split(",")))


@cache
def postgres() -> str | None:
    """The address of a PostgreSQL server where databases can be made, if one answers."""
    with suppress(psycopg.Error), psycopg.connect(POSTGRES, connect_timeout=3):
        return POSTGRES
    return None


@cache
def redis() -> str | None:
    """The address of a Redis server whose database the tests may empty, if one answers."""
    parts = urlsplit(REDIS)
    place = (parts.hostname or "127.0.0.1", parts.port or 6379)
    with suppress(OSError), socket.create_connection(place, timeout=3):
        return REDIS
    return None


@cache
def chromium() -> str | None:
    """The path of a Chromium; installed with apt where that is the platform's way and allowed."""
    if found := _on_path():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "--quiet", *words], env=quiet, check=False)
    return _on_path()


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


FOUND = {"postgres": postgres, "redis": redis, "chromium": chromium}
NAMES = {"postgres": "PostgreSQL", "redis": "Redis", "chromium": "Chromium"}


def demand(service: str) -> str:
    """Return where the service is; skip the test without it, or fail where REQUIRE names it."""
    place = FOUND[service]()
    if place is None:
        if service in REQUIRED:
            pytest.fail(f"{NAMES[service]} is required here and does not answer.")
        pytest.skip(f"{NAMES[service]} is missing.")
    return place
