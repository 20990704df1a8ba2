"""From the first sign to the report, by the people who do it, each in a browser of their own.

Real web server, worker, beat, broker, database and mail server; on SQLite with the embedded
broker, and on PostgreSQL with Redis. Nothing is run by hand: what arrives was sent by the worker.
"""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader

from tests.journeys import acts
from tests.processes import eventually

TITLE = "Blue fragments in a Bella pizza"
CRITICAL = {"people_harmed": "confirmed", "vulnerable_people": "true", "origin": "several_similar"}
HOLDING = """A piece of blue plastic was found in a Bella Quattro Formaggi.

We are checking every pizza of that day. **Do not eat** lots L6061 to L6063."""
UPDATE = "The line stands still since noon. Lots L6061 to L6063 come back from all shops."
HALF_TYPED = "Half a sentence, not yet"
SECONDS = 4.0


@dataclass
class Follower:
    """Someone in the room who is writing: sees what others do, and is left alone."""

    page: Any

    def begin(self, room: str) -> None:
        self.page.goto(room)
        self.page.wait_for_selector("#connection[data-state=live]")
        self.page.fill(acts.COMPOSER, HALF_TYPED)
        self.page.evaluate("document.querySelector('#composer textarea').setSelectionRange(4, 4)")

    def sees(self, *selectors: str) -> None:
        """Demand that the open room shows this soon, and that nobody touched what is typed."""
        since = time.monotonic()
        for selector in selectors:
            self.page.wait_for_selector(selector, state="attached", timeout=15_000)
        took = time.monotonic() - since
        assert took < SECONDS, f"{selectors} after {took:.1f} s"
        typing = self.page.evaluate(
            "() => { const e = document.activeElement; return [e.name, e.value, e.selectionStart]; }"
        )
        assert typing == ["text", HALF_TYPED, 4]

    def waiting(self) -> int:
        """Return how many new entries of others wait behind the link."""
        link = self.page.locator("#show-new")
        digits = "".join(filter(str.isdigit, link.inner_text())) if link.count() else "0"
        return int(digits)


@dataclass
class Crisis:
    """One room, who does what in it, and who follows along."""

    room: str
    ines: Any  # opens, leads, writes, publishes
    signers: dict[str, Any]
    follower: Follower

    @property
    def reference(self) -> str:
        return self.room.rstrip("/").rpartition("/")[2]


SIGNERS = {
    "communications_lead": ("Thomas Nguyen", acts.THOMAS),
    "legal_counsel": ("Karim Haddad", acts.KARIM),
    "executive_sponsor": ("Hélène Verdier", acts.HELENE),
}


def test_from_the_first_sign_to_the_report(desk_server: Any, sign_in: Any) -> None:
    ines, follower = sign_in(acts.INES), Follower(sign_in(acts.SAMUEL))
    crisis = Crisis(acts.open_incident(ines, TITLE), ines, {}, follower)
    follower.begin(crisis.room)
    take_it_on(crisis)
    staff(crisis, sign_in)

    holding = sign(crisis, "Holding", "holding", HOLDING)
    acts.publish(ines, holding, link="https://x.example/verdier/1", next_update="in 11 min")
    promised = time.monotonic()
    assert ines.locator("main .is-missing").count() == 0  # what stands online is what was signed
    follower.sees("#promises-panel li[id^=promise-]")

    update = sign(crisis, "Second word", "update", UPDATE)
    reminder = the_reminder(desk_server, crisis, since=promised)
    assert reminder.subject == crisis.reference
    assert TITLE not in reminder.text
    assert f"/incidents/{crisis.reference}/" in reminder.text
    acts.publish(ines, update, link="https://x.example/verdier/2")
    follower.sees("#promises-panel .cd-due[data-state=met]")

    acts.move(ines, crisis.room, "resolved", "Everything is back; nobody asks any more.")
    follower.sees("#strip [data-status=resolved]")
    text = the_report(ines, crisis.room)
    assert "".join(TITLE.split()) in text
    for statement in (holding, update):
        assert acts.fingerprint(ines, statement) in text
    desk_server.manage("verify_timeline", crisis.reference)


def take_it_on(crisis: Crisis) -> None:
    acts.assess(crisis.ines, crisis.room, CRITICAL, "A child is hurt; the pictures are real.")
    crisis.follower.sees("#strip [data-level=critical]", "#clocks-panel .cd-clocks li")
    acts.move(crisis.ines, crisis.room, "active", "It is ours: the box is in the picture.")
    crisis.follower.sees("#strip [data-status=active]")


def staff(crisis: Crisis, sign_in: Any) -> None:
    """Ask the three who sign at this level; each accepts, counsel on a telephone."""
    people = {role: name for role, (name, _email) in SIGNERS.items()}
    acts.assign(crisis.ines, crisis.room, people)
    crisis.follower.sees(*[f"#roles-panel :text('{name}')" for name in people.values()])
    for role, (_name, email) in SIGNERS.items():
        page = sign_in(email, phone=role == "legal_counsel")
        acts.accept_role(page, crisis.room)
        crisis.signers[role] = page


def sign(crisis: Crisis, title: str, kind: str, text: str) -> str:
    """Draft, save as v1, ask for sign-off; all three sign. Return the statement's address."""
    ines, follower = crisis.ines, crisis.follower
    statement = acts.begin_statement(ines, crisis.room, title, kind=kind, channel="x")
    follower.sees(f"#statements-panel li :text('{title}')")
    acts.write_draft(ines, text)
    ines.reload()
    assert ines.input_value("#editor [name=text]") == text
    assert ines.locator(".cd-kept").count() == 0  # from the server, not from this device
    acts.save_version(ines, "What can be said now.")
    acts.submit(ines)
    before = follower.waiting()
    for role, page in crisis.signers.items():
        acts.approve(page, statement, thumb=role == "legal_counsel")
    eventually(lambda: follower.waiting() >= before + 3, seconds=SECONDS, what="The new count")
    follower.sees("#show-new")
    return statement


def the_reminder(desk_server: Any, crisis: Crisis, *, since: float) -> Any:
    """Return the mail that warns Thomas, who speaks, of the promise: 10 minutes before."""

    def look() -> Any:
        return [
            mail
            for mail in desk_server.sink.mails
            if mail.recipients == (acts.THOMAS,)
            and mail.at > since
            and crisis.reference in mail.subject
            and "A promise falls due" in mail.text
        ]

    return eventually(look, seconds=120, what="The reminder")[0]


def the_report(page: Any, room: str) -> str:
    """Export the PDF by its button; return its text without spaces, for lines break anywhere."""
    page.goto(f"{room}review/")
    with page.expect_download() as download:
        page.click("form[data-download] button[value=pdf]")
    with open(download.value.path(), "rb") as file:
        reader = PdfReader(io.BytesIO(file.read()))
    return "".join("".join(part.extract_text() for part in reader.pages).split())
