"""
Reads of the archive: the full record of an incident, as one JSON object.

    format "crisisdesk-record/1", exported, incident, team,
    chain: {segments, entries: [{number, recorded_at, previous, commitment, hash, salt, content}]}
    assessments, roles, invitations, facts (history, citations), statements (see `signed`),
    publications, promises, review, evidence (names and hashes; the files
    stay), imported, restored

People are {"id", "name"}, rows of catalogues {"slug", "en", "fr"}, times UTC with microseconds.
What is withheld has neither salt nor content, and its hash all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from crisisdesk.kit import chain
from incidents.archive import signed
from incidents.archive.columns import row, rows
from incidents.archive.sealed import FORMAT
from incidents.models import Citation, Entry, Evidence, Fact, FactChange, Incident
from incidents.models import timeline as events
from incidents.timeline import proof
from incidents.timeline.queries import privileged_now


def record(incident: Incident, *, privileged: bool, exported: dict[str, Any]) -> dict[str, Any]:
    """Return the full record; `privileged` keeps in what only the compartment may see."""
    incident = Incident.objects.select_related("team", "opened_by").get(pk=incident.pk)
    team = incident.team
    return {
        "format": FORMAT,
        "exported": {**exported, "privileged": privileged},
        "incident": row(incident),
        "team": {"slug": team.slug, "name": team.name, "prefix": team.prefix, "zone": team.zone},
        "chain": {
            "segments": [vars(segment) for segment in proof.segments(incident)],
            "entries": list(_entries(incident, privileged=privileged)),
        },
        "assessments": [
            {**row(a), "rubric": {"version": a.rubric.version, "body": a.rubric.body}}
            for a in incident.assessments.select_related("rubric", "assessed_by").order_by("number")
        ],
        "roles": rows(incident.assignments.order_by("pk"), "role", "user", "deputy", "assigned_by"),
        "invitations": rows(incident.invitations.order_by("pk"), "user", "invited_by"),
        "statements": signed.statements(incident),
        "facts": [_fact(f) for f in _facts(incident)],
        "publications": signed.publications(incident),
        "promises": [_promise(p) for p in _promises(incident)],
        "review": _review(incident),
        "evidence": list(_evidence(incident, privileged=privileged)),
        "imported": _imported(incident),
        "restored": _restored(incident.restored_record.body, privileged=privileged)
        if incident.sealed_number
        else None,
    }


def _restored(body: dict[str, Any] | None, *, privileged: bool) -> dict[str, Any] | None:
    """Return what a restored export said beside its chain; names of privileged files stay out."""
    if body is None or privileged:
        return body
    evidence = body.get("evidence") if not body["exported"].get("privileged") else []
    return {
        **body,
        "evidence": evidence,
        "restored": _restored(body.get("restored"), privileged=privileged),
    }


def _entries(incident: Incident, *, privileged: bool) -> Iterator[dict[str, Any]]:
    entries = Entry.objects.filter(incident=incident)
    withheld = (
        set()
        if privileged
        else set(entries.filter(privileged_now(incident)).values_list("number", flat=True))
    )
    for entry in entries.select_related("content").order_by("number").iterator(chunk_size=1000):
        content = getattr(entry, "content", None)
        shown = content is not None and entry.number not in withheld
        yield {
            "number": entry.number,
            "recorded_at": chain.instant(entry.recorded_at),
            "previous": entry.previous_hash,
            "commitment": entry.commitment,
            "hash": entry.hash,
            "salt": content.salt if content and shown else None,
            "content": content.body if content and shown else None,
        }


def _facts(incident: Incident) -> Iterable[Fact]:
    history = FactChange.objects.select_related("changed_by").order_by("number")
    citations = Citation.objects.select_related("statement", "cited_by").order_by("pk")
    return (
        incident.facts.select_related("noted_by")
        .prefetch_related(Prefetch("history", history), Prefetch("citations", citations))
        .order_by("number")
    )


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        **row(fact),
        "history": [row(one) for one in fact.history.all()],
        "citations": [
            {**row(one), "statement": str(one.statement.uuid)} for one in fact.citations.all()
        ],
    }


def _promises(incident: Incident) -> Iterable[Any]:
    return incident.promises.select_related("audience", "owner", "made_by").order_by("pk")


def _promise(one: Any) -> dict[str, Any]:
    return {
        **row(one),
        "key": one.pk,
        "announced_in": one.announced_in_id,
        "kept_by": one.kept_by_id,
        "moved_to": one.moved_to_id,
    }


def _review(incident: Incident) -> dict[str, Any]:
    review = getattr(incident, "review", None)
    return {
        "report": row(review) if review else None,
        "lessons": rows(incident.lessons.order_by("pk"), "added_by"),
        "actions": rows(incident.actions.order_by("pk"), "owner", "added_by"),
    }


def _evidence(incident: Incident, *, privileged: bool) -> Iterator[dict[str, Any]]:
    pieces = Evidence.objects.filter(incident=incident).select_related("entry", "added_by")
    closed = set(
        Entry.objects.filter(privileged_now(incident), incident=incident).values_list(
            "pk", flat=True
        )
    )
    for piece in pieces.order_by("pk"):
        if privileged or not (piece.is_privileged or piece.entry_id in closed):
            yield {**row(piece), "entry": piece.entry.number if piece.entry else None}


def _imported(incident: Incident) -> dict[str, Any] | None:
    imported = getattr(incident, "imported_file", None)
    return row(imported) if imported else None


@dataclass(frozen=True)
class RestoredStatement:
    """A statement of a restored record: to be read, never to be signed or published here."""

    title: str
    status: str
    versions: int
    text: str
    fingerprint: str


@dataclass(frozen=True)
class Summary:
    """What the page of the record says; times and numbers are those of the chain."""

    entries: int
    head: str
    filename: str = ""
    imported_at: datetime | None = None
    outcome: str = ""
    open_conflicts: tuple[str, ...] = ()
    origin_reference: str = ""
    sealed_number: int = 0
    sealed_head: str = ""
    withheld: int = 0
    people: tuple[str, ...] = ()
    statements: tuple[RestoredStatement, ...] = ()


def summary(incident: Incident) -> Summary:
    imported = getattr(incident, "imported_file", None)
    found: dict[str, Any] = {}
    if imported:
        found = {
            "filename": imported.filename,
            "imported_at": imported.imported_at,
            "outcome": imported.outcome,
            "open_conflicts": tuple(imported.open_conflicts),
        }
    if incident.sealed_number:
        body = incident.restored_record.body
        found |= {
            "origin_reference": str(body["incident"].get("reference", "")),
            "sealed_number": incident.sealed_number,
            "sealed_head": incident.sealed_head,
            "withheld": Entry.objects.filter(incident=incident, kind=events.WITHHELD.name).count(),
            "people": _people(body),
            "statements": tuple(_to_read(s) for s in body.get("statements") or []),
        }
    return Summary(entries=incident.last_entry_number, head=incident.last_entry_hash, **found)


def _people(body: dict[str, Any]) -> tuple[str, ...]:
    roles = body.get("roles") or []
    names = [f"{r['user']['name']}, {r['role']['en']}" for r in roles if r.get("user")]
    return tuple(dict.fromkeys(names))


def _to_read(statement: dict[str, Any]) -> RestoredStatement:
    versions = statement.get("versions") or []
    last = versions[-1] if versions else {}
    return RestoredStatement(
        title=str(statement.get("title", "")),
        status=str(statement.get("status", "")),
        versions=len(versions),
        text=str(last.get("text", "")),
        fingerprint=str(last.get("fingerprint", "")),
    )
