"""The stream of a room, driven as a server drives it: scope, receive, send."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.test import Client

from crisisdesk.kit import bell
from incidents.board import stream
from incidents.lifecycle.actions import change_status
from incidents.models import Incident, IncidentUserPermission
from incidents.roles.actions import accept_role, assign_role, relieve_role
from teams.models import Membership, Role
from tests.conftest import NINE
from tests.services import demand

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def redis(settings):
    settings.REDIS_URL = demand("redis")
    return settings.REDIS_URL


def cookie(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


class Page:
    """A browser that has opened a stream."""

    def __init__(self, reference, session, *, method="GET", host=b"testserver"):
        self.headers = [(b"host", host)]
        if session:
            self.headers.append((b"cookie", f"sessionid={session}".encode()))
        self.scope = {
            "type": "http",
            "method": method,
            "path": f"/incidents/{reference}/stream/",
            "headers": self.headers,
        }
        self.left = asyncio.Event()
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.status = None

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self.sent.put(message)

    async def told(self, *, seconds=5.0):
        """Return what the next frame says; None when the stream has ended."""
        while True:
            message = await asyncio.wait_for(self.sent.get(), seconds)
            body = message.get("body", b"").decode()
            if message["type"] == "http.response.body" and not message["more_body"]:
                return None
            if "data: " in body:
                return json.loads(body.split("data: ")[1])


@asynccontextmanager
async def opened(reference, session, **options):
    page = Page(reference, session, **options)
    running = asyncio.create_task(stream.application(page.scope, page.receive, page.send))
    try:
        yield page
    finally:
        page.left.set()
        await asyncio.wait_for(running, 5)


def refused(reference, session, **options):
    async def ask():
        async with opened(reference, session, **options) as page:
            assert await page.told() is None
            return page.status

    return asyncio.run(ask())


def act(incident, by):
    change_status(incident, to="active", reason="It is real.", by=by, at=NINE)


def test_what_one_person_does_is_told_to_another_at_once(redis, incident, claire, bruno):
    session = cookie(bruno)

    async def follow():
        async with opened(incident.reference, session) as page:
            first = await page.told()
            await asyncio.to_thread(act, incident, claire)
            return page.status, first, await page.told(seconds=2.0)

    before = incident.last_entry_number
    status, first, second = asyncio.run(follow())
    assert status == 200
    assert first == {"number": before, "subject": ""}
    assert second == {"number": before + 1, "subject": "incident"}


def test_a_stream_tells_of_its_own_incident_only(redis, incident, claire, bruno, team):
    other = Incident.objects.create(
        team=team, reference="MV-2030-0900", title="Other", kind="other", opened_at=NINE
    )
    session = cookie(bruno)

    async def follow():
        async with opened(other.reference, session) as page:
            await page.told()
            await asyncio.to_thread(act, incident, claire)
            with pytest.raises(TimeoutError):
                await page.told(seconds=0.7)

    asyncio.run(follow())


def test_a_stranger_and_someone_signed_out_meet_no_stream(redis, incident, claire, zoe):
    assert refused("MV-2030-9999", cookie(claire)) == 404
    assert refused(incident.reference, cookie(zoe)) == 404
    assert refused(incident.reference, "") == 404
    assert refused(incident.reference, "made-up") == 404


def test_a_superuser_outside_the_room_meets_no_stream(redis, incident, zoe):
    zoe.is_superuser = zoe.is_staff = True
    zoe.save()
    assert refused(incident.reference, cookie(zoe)) == 404


def test_only_get_and_only_our_own_host(redis, incident, claire):
    assert refused(incident.reference, cookie(claire), method="POST") == 405
    assert refused(incident.reference, cookie(claire), host=b"elsewhere.example") == 400


def test_a_role_taken_away_ends_the_stream_at_once(redis, incident, claire, bruno, zoe, team):
    Incident.objects.filter(pk=incident.pk).update(confidentiality="restricted")
    role = assign_role(
        incident, role=Role.objects.get(slug="scribe"), user=bruno, by=claire, at=NINE
    )
    accept_role(role, by=bruno, at=NINE)
    session = cookie(bruno)

    async def follow():
        async with opened(incident.reference, session) as page:
            assert await page.told()
            await asyncio.to_thread(relieve_role, role, reason="Shift ends.", by=claire, at=NINE)
            return await page.told(seconds=3.0)

    assert asyncio.run(follow()) is None
    assert refused(incident.reference, session) == 404


def test_a_right_that_ends_silently_ends_the_stream_at_the_next_check(
    redis, incident, bruno, monkeypatch
):
    monkeypatch.setattr(stream, "CHECK_EVERY", 0.3)
    monkeypatch.setattr(stream, "ALIVE_EVERY", 0.1)
    session = cookie(bruno)

    def leave():
        Membership.objects.filter(user=bruno).delete()
        IncidentUserPermission.objects.filter(user=bruno).delete()

    async def follow():
        async with opened(incident.reference, session) as page:
            await page.told()
            assert "at" in await page.told(seconds=3.0)
            await asyncio.to_thread(leave)
            while (told := await page.told(seconds=3.0)) is not None:
                assert "at" in told

    asyncio.run(follow())


def test_signing_out_ends_the_stream_at_the_next_check(redis, incident, bruno, monkeypatch):
    monkeypatch.setattr(stream, "CHECK_EVERY", 0.3)
    monkeypatch.setattr(stream, "ALIVE_EVERY", 0.1)
    client = Client()
    client.force_login(bruno)
    session = client.cookies["sessionid"].value

    async def follow():
        async with opened(incident.reference, session) as page:
            await page.told()
            await asyncio.to_thread(client.logout)
            while (told := await page.told(seconds=3.0)) is not None:
                assert "at" in told

    asyncio.run(follow())


def test_without_redis_the_stream_says_so_and_the_page_polls(settings, incident, claire):
    settings.REDIS_URL = ""
    assert refused(incident.reference, cookie(claire)) == 503


def test_a_redis_that_does_not_answer_is_a_silent_bell(settings, incident, claire):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert refused(incident.reference, cookie(claire)) == 503
    bell.ring("1", 1, "incident")


def test_the_checks_hold_at_most_half_a_minute():
    # A stream wakes for its next check at the latest: no ring and no heartbeat puts it off.
    assert stream.CHECK_EVERY <= 25


def test_a_slow_reader_keeps_the_last_ring_not_all_of_them():
    async def listen():
        listener = bell.Listener()
        for number in range(1, 1000):
            listener.hear(bell.Ring("1", number))
        heard = []
        while (ring := await listener.next(seconds=0.05)) is not None:
            heard.append(ring.number)
        return heard

    heard = asyncio.run(listen())
    assert len(heard) <= bell.WAITING_AT_MOST
    assert heard[-1] == 999
