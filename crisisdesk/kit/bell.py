"""
The bell: tells every web process that a subject has something new.

The only place that imports redis. A bell that cannot ring loses nothing: whoever listens also
asks the database now and then. A process listens once, whatever the number of its streams.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import redis
from django.conf import settings
from redis import asyncio as redis_async
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
CHANNEL = "crisisdesk:bell"
WAITING_AT_MOST = 200  # rings kept for one slow reader; beyond, the last one stands for all


class BellSilent(Exception):
    """Nobody can listen now: there is no Redis, or it does not answer."""


@dataclass(frozen=True)
class Ring:
    key: str
    number: int
    subject: str = ""


def _url() -> str:
    return str(settings.REDIS_URL).replace("redis+socket://", "unix://")


@lru_cache(maxsize=1)
def _client(url: str) -> redis.Redis:
    once = Retry(NoBackoff(), 0)  # the writer waits for no second attempt: rooms also poll
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=once)


def ring(key: str, number: int, subject: str = "") -> None:
    """Announce that the subject `key` has reached `number`; never raises, never waits long."""
    if not settings.REDIS_URL:
        return
    told = json.dumps({"key": key, "number": number, "subject": subject})
    try:
        _client(_url()).publish(CHANNEL, told)
    except redis.RedisError:
        log.warning("The bell could not ring for %s; rooms follow by polling.", key)


class Listener:
    """What one reader hears of one key, in order."""

    def __init__(self) -> None:
        self._rings: asyncio.Queue[Ring | None] = asyncio.Queue()

    def hear(self, heard: Ring | None) -> None:
        if self._rings.qsize() >= WAITING_AT_MOST:
            if heard is not None and not heard.number:
                return  # says nothing of where the record stands
            while not self._rings.empty():
                self._rings.get_nowait()
        self._rings.put_nowait(heard)

    async def next(self, *, seconds: float) -> Ring | None:
        """
        Return the next ring, or None when `seconds` pass without one.

        :raises BellSilent: when the bell has gone.
        """
        try:
            heard = await asyncio.wait_for(self._rings.get(), seconds)
        except TimeoutError:
            return None
        if heard is None:
            raise BellSilent
        return heard


class _Hub:
    """One subscription for the process; hands each ring to those who listen for its key."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[None] | None = None

    @asynccontextmanager
    async def listen(self, key: str) -> AsyncIterator[Listener]:
        listener = Listener()
        self._listeners[key].add(listener)
        try:
            await self._subscribed()
            yield listener
        finally:
            self._listeners[key].discard(listener)
            if not self._listeners[key]:
                del self._listeners[key]

    async def _subscribed(self) -> None:
        if self._task is None or self._task.done():
            self._ready = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._run(self._ready))
        assert self._ready is not None  # noqa: S101 - set with the task
        try:
            await asyncio.wait_for(asyncio.shield(self._ready), 3)
        except TimeoutError as error:
            raise BellSilent from error

    async def _run(self, ready: asyncio.Future[None]) -> None:
        client = redis_async.Redis.from_url(
            _url(), socket_connect_timeout=2, health_check_interval=15
        )
        try:
            async with client.pubsub() as pubsub:
                await pubsub.subscribe(CHANNEL)
                if not ready.done():
                    ready.set_result(None)
                while True:
                    told = await pubsub.get_message(ignore_subscribe_messages=True, timeout=10)
                    if told is not None:
                        self._pass_on(told["data"])
        except (redis.RedisError, OSError) as error:
            log.warning("The bell is silent (%s); rooms follow by polling.", error)
            if not ready.done():
                ready.set_exception(BellSilent())
                ready.exception()
        finally:
            for listener in [one for some in self._listeners.values() for one in some]:
                listener.hear(None)
            await client.aclose()

    def _pass_on(self, told: Any) -> None:
        heard = Ring(**json.loads(told))
        for listener in self._listeners.get(heard.key, ()):
            listener.hear(heard)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, _Hub] = WeakKeyDictionary()


@asynccontextmanager
async def listen(key: str) -> AsyncIterator[Listener]:
    """
    Listen for one key; what rings from now on is heard.

    :raises BellSilent: when there is no Redis.
    """
    if not settings.REDIS_URL:
        raise BellSilent
    hub = _hubs.setdefault(asyncio.get_running_loop(), _Hub())
    async with hub.listen(key) as listener:
        yield listener
