"""Where the desk listens, and whether its page answers."""

from __future__ import annotations

import errno
import http.client
import ipaddress
import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

from kombu import Connection
from kombu.exceptions import OperationalError

from crisisdesk.environment import LOOPBACK
from crisisdesk.launch.children import Child
from crisisdesk.launch.refusal import WRONG_USAGE, CannotStart

HIGHEST_PORT = 65535
ANSWER_SECONDS = 60.0


def demand_free_port(host: str, port: int) -> None:
    """Refuse now what the web server would share silently or fail at later.

    :raises CannotStart: when the address cannot be had, saying why.
    """
    if not 0 < port <= HIGHEST_PORT:
        raise CannotStart(f"{port} is no port: choose one from 1 to 65535.", code=WRONG_USAGE)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise CannotStart(f"{host} is no address of this machine.", code=WRONG_USAGE) from error
    except OSError as error:
        reasons = {
            errno.EADDRINUSE: f"Port {port} is taken by another program on {host}. "
            f"Stop that one, or choose another port, such as: manage.py desk --port {port + 1}",
            errno.EACCES: f"Port {port} needs more rights than this account has. "
            "Choose one above 1023.",
            errno.EADDRNOTAVAIL: f"{host} is no address of this machine.",
        }
        reason = reasons.get(error.errno or 0, f"Port {port} cannot be used: {error.strerror}.")
        raise CannotStart(reason, code=WRONG_USAGE) from error


def is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def reachable_names(host: str) -> list[str]:
    """Return the names by which a browser may call a desk that listens on `host`."""
    names = {*LOOPBACK, socket.gethostname(), socket.getfqdn()}
    names |= {_bracketed(host)} - {"0.0.0.0", "[::]"}  # noqa: S104 - compared, not bound
    with suppress(OSError):
        for found in socket.getaddrinfo(socket.gethostname(), None):
            names.add(_bracketed(str(found[4][0])))
    return sorted(names)


def address_of(host: str, port: int) -> str:
    """The address to type on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, _bracketed(host))  # noqa: S104
    return f"http://{shown}:{port}"


def _bracketed(host: str) -> str:
    return f"[{host.partition('%')[0]}]" if ":" in host else host


def wait_for_page(address: str, web: Child) -> None:
    """Wait until the page answers. :raises CannotStart: when it does not."""
    parts = urlsplit(address)
    deadline = time.monotonic() + ANSWER_SECONDS
    status = 0
    while web.runs and time.monotonic() < deadline:
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        with suppress(OSError, http.client.HTTPException):
            line.request("GET", "/accounts/login/")
            status = line.getresponse().status
            if status < http.client.INTERNAL_SERVER_ERROR:
                return
            break
        line.close()
        time.sleep(0.05)
    what = f"answers with error {status}" if status else "does not answer"
    raise CannotStart(f"The web server {what}. Its log ends:\n{web.last_words()}")


def demand_redis(url: str) -> None:
    """:raises CannotStart: when nothing answers at `url`."""
    try:
        with Connection(url, connect_timeout=3) as line:
            line.ensure_connection(max_retries=1, timeout=5)
    except (OperationalError, OSError, ValueError) as error:
        raise CannotStart(f"Redis does not answer at REDIS_URL: {error}") from error


def without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return parts._replace(netloc=f"…@{parts.netloc.rpartition('@')[2]}").geturl()
