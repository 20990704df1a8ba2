"""
The bell: tells every web process that a subject has something new.

The only place that imports redis. A bell that cannot ring loses nothing: whoever listens also
asks the database now and then.
"""

from __future__ import annotations

import json
import logging
from functools import lru_cache

import redis
from django.conf import settings

log = logging.getLogger(__name__)
CHANNEL = "crisisdesk:bell"


@lru_cache(maxsize=1)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)


def ring(key: str, number: int) -> None:
    """Announce that the subject `key` has reached `number`; never raises, never waits long."""
    if not settings.REDIS_URL:
        return
    try:
        _client(settings.REDIS_URL).publish(CHANNEL, json.dumps({"key": key, "number": number}))
    except redis.RedisError:
        log.warning("The bell could not ring for %s; rooms follow by polling.", key)
