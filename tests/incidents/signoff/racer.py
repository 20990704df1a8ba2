"""
One of several processes that act on the same SQLite file at the same moment.

Reads one JSON object a line: {"do": name, "start": seconds since the epoch, ...}; answers one a
line: {"answer": ...}, {"refused": class, "why": sentence}, or {"error": what no one should see}.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from crisisdesk.kit.refusals import Refused
from incidents.lifecycle.actions import open_incident
from incidents.models import Incident, KeptDraft, Statement, Suggestion
from incidents.roles.actions import accept_role, assign_role
from incidents.signoff import actions as signoff
from incidents.statements import actions
from incidents.statements.actions.suggesting import (
    adopt_suggestion,
    suggest_wording,
)
from teams.models import Role, Team, User
from tests import conftest
from tests.conftest import NINE
from tests.incidents.signoff.conftest import MINUTE, approve, draft

LATER = NINE + 16 * MINUTE  # the deputy may sign by now
CAST = {
    "Claire Morvan": ("communications", "crisis_lead"),
    "Thomas Nguyen": ("communications", "communications_lead"),
    "Karim Haddad": ("legal", "legal_counsel"),
    "Helene Verdier": ("executive", "executive_sponsor"),
    "Ines Carvalho": ("marketing", "social_media_lead"),
    "Sophie Lemaire": ("legal", ""),
}


def cast() -> None:
    """Make the people, and the one incident of all races."""
    team = Team.objects.create(slug="verdier", name="Maison Verdier", prefix="MV")
    people = {
        name: conftest.member(team, conftest.person(name, function=function))
        for name, (function, _role) in CAST.items()
    }
    lead = people["Claire Morvan"]
    incident = open_incident(
        team,
        title="Plastic fragments",
        kind=Incident.Kind.PRODUCT,
        what_happened="",
        occurred=None,
        where="",
        link="",
        confidentiality=Incident.Confidentiality.TEAM,
        by=lead,
        at=NINE,
    )
    for name, (_function, role) in CAST.items():
        if role and people[name] != lead:
            given = assign_role(
                incident,
                role=Role.objects.get(slug=role),
                user=people[name],
                deputy=people["Sophie Lemaire"] if role == "legal_counsel" else None,
                by=lead,
                at=NINE,
            )
            accept_role(given, by=people[name], at=NINE)


def fresh(state: str) -> int:
    """Make a statement of Ines's in this state; return its key."""
    made = draft(Incident.objects.get(), who("ines"), NINE)
    if state != "draft":
        actions.save_version(made, reason="First", submit=True, by=who("ines"), at=NINE)
    if state == "good":
        for name in ("thomas", "karim", "helene"):
            approve(made, who(name), NINE)
    return made.pk


def suggested(statement: int) -> int:
    made: Suggestion = suggest_wording(
        Statement.objects.get(pk=statement),
        wording="looking into",
        why="",
        at_passage={"version": 1, "words": "checking"},
        by=who("karim"),
        at=NINE,
    )
    return made.pk


def who(name: str) -> User:
    return User.objects.get(email=f"{name}@desk.test")


def act(name: str, statement: int, by: str, **given: Any) -> Any:
    """Do one thing, with what was on that person's screen; `given` is as the verb wants it."""
    acts: dict[str, Callable[..., Any]] = {
        "approve": actions.approve_statement,
        "save_draft": actions.save_draft,
        "save_version": actions.save_version,
        "publish": actions.record_publication,
        "release": signoff.release_statement,
        "agree": signoff.record_oral_agreement,
    }
    found, person = Statement.objects.get(pk=statement), who(by)
    if name == "edit":
        actions.save_draft(found, channel_texts={}, by=person, at=LATER, **given)
        return actions.save_version(found, reason="", by=person, at=LATER).number
    if name == "edit in a browser":
        return sent(found, person, **given)
    if name == "adopt":
        suggestion = Suggestion.objects.get(pk=given["suggestion"])
        return adopt_suggestion(suggestion, by=person, at=LATER).text
    if name == "publish":
        given["published_at"] = LATER
    if name == "agree":
        given["approver"] = who(given["approver"])
    return acts[name](found, by=person, at=LATER, **given).pk


def sent(statement: Statement, by: User, **form: Any) -> dict[str, Any]:
    """Save a version as a browser does; tell what the page that comes back says."""
    browser = Client(headers={"host": "localhost"})
    browser.force_login(by)
    place = [statement.incident.reference, statement.number]
    form = {"reason": "More", "change": "material", **form}
    # What pages load is not gathered here.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        page = browser.post(reverse("incidents:statement-save-version", args=place), form)
    return {"status": page.status_code, "page": page.content.decode()}


def look(statement: int) -> dict[str, Any]:
    """Tell how it stands."""
    found = Statement.objects.get(pk=statement)
    rounds = [r for v in found.versions.order_by("number") for r in v.rounds.order_by("pk")]
    return {
        "status": found.status,
        "versions": [
            {"number": v.number, "text": v.text, "fingerprint": v.fingerprint}
            for v in found.versions.order_by("number")
        ],
        "outcomes": [r.outcome for r in rounds],
        "decisions": [
            {
                "version": d.version.number,
                "signer": d.signer.email.partition("@")[0],
                "fits": d.fingerprint == d.version.fingerprint == r.fingerprint,
            }
            for r in rounds
            for d in r.decisions.order_by("pk")
        ],
        "releases": sum(r.releases.count() for r in rounds),
        "publications": [
            {"channel": p.channel, "text": p.version.text} for p in found.publications.all()
        ],
        "draft": found.draft.text,
        "revision": found.draft.revision,
        "kept": list(KeptDraft.objects.filter(statement=found).values_list("text", flat=True)),
    }


DO: dict[str, Callable[..., Any]] = {
    "cast": cast,
    "fresh": fresh,
    "suggested": suggested,
    "act": act,
    "look": look,
}


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    start, name = asked.pop("start", 0.0), asked.pop("do")
    while time.time() < start:
        pass
    try:
        return {"answer": DO[name](**asked)}
    except Refused as refused:
        return {"refused": type(refused).__name__, "why": str(refused)}
    except Exception as error:  # noqa: BLE001  (told to the test, which fails)
        return {"error": repr(error)}


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line)), default=str) + "\n")
        sys.stdout.flush()
