"""
Reads of the archive: the full record of an incident, as one JSON object.

    format "crisisdesk-record/1", exported, incident, team,
    chain: {segments, entries: [{number, recorded_at, previous, commitment, hash, salt, content}]}
    assessments, roles, invitations, statements (versions, rounds, decisions), publications,
    promises, review, evidence (names and hashes; the files stay), imported, restored

People are {"id", "name"}, rows of catalogues {"slug", "en", "fr"}, times UTC with microseconds.
What is withheld has neither salt nor content, and its hash all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, Prefetch
from django.db.models.fields.files import FieldFile

from crisisdesk.kit import chain
from incidents.archive.sealed import FORMAT
from incidents.models import (
    Decision,
    Entry,
    Evidence,
    Incident,
    Round,
    Seat,
    Stage,
    Statement,
    Version,
    VersionAuthor,
)
from incidents.models import timeline as events
from incidents.timeline import proof
from incidents.timeline.queries import privileged_now
from incidents.timeline.rules import plain
from teams.models import User
from teams.models.catalogue import Catalogued

# Columns that the chain or the file itself says, or that mean something here alone.
LOCAL: Final = frozenset(
    {"id", "incident", "team", "last_entry_number", "last_entry_hash", "entry_counts"}
    | {"origin_uuid", "sealed_number", "sealed_head"}
)


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
        "statements": [_statement(s) for s in _statements(incident)],
        "publications": [_publication(p) for p in _publications(incident)],
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


def row(instance: Model, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return the columns of a row as JSON; rows of other tables that are no person, role or
    audience are left to whoever nests them."""
    found: dict[str, Any] = {}
    for column in instance._meta.concrete_fields:
        if column.name in LOCAL or column.name in without:
            continue
        if column.is_relation:
            related = getattr(instance, column.name)
            if related is None or isinstance(related, (User, Catalogued)):
                found[column.name] = plain(related)
            continue
        found[column.name] = value(getattr(instance, column.name))
    return found


def value(given: Any) -> Any:
    """Return one column as JSON."""
    if isinstance(given, datetime):
        return chain.instant(given)
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, (Decimal, UUID)):
        return str(given)
    return str(given.name) if isinstance(given, FieldFile) else given


def rows(found: Any, *related: str) -> list[dict[str, Any]]:
    return [row(one) for one in found.select_related(*related)]


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


def _statements(incident: Incident) -> Iterable[Statement]:
    people = User.objects.all()
    rounds = Round.objects.select_related("policy").prefetch_related(
        Prefetch("opened_by", queryset=people),
        Prefetch(
            "stages",
            queryset=Stage.objects.order_by("order").prefetch_related(
                Prefetch("seats", queryset=Seat.objects.select_related("role").order_by("pk"))
            ),
        ),
        Prefetch(
            "decisions",
            queryset=Decision.objects.select_related(
                "signer", "deputy_of", "seat__role", "base_version"
            ).order_by("pk"),
        ),
    )
    versions = (
        Version.objects.select_related("saved_by")
        .order_by("number")
        .prefetch_related(
            Prefetch(
                "authors", queryset=VersionAuthor.objects.select_related("user").order_by("pk")
            ),
            Prefetch("rounds", queryset=rounds.order_by("pk")),
        )
    )
    return (
        incident.statements.select_related("audience", "created_by", "draft__edited_by")
        .prefetch_related(Prefetch("versions", queryset=versions))
        .order_by("number")
    )


def _statement(statement: Statement) -> dict[str, Any]:
    draft = getattr(statement, "draft", None)
    return {
        **row(statement),
        "draft": row(draft) if draft else None,
        "versions": [_version(v) for v in statement.versions.all()],
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        **row(version),
        "authors": [plain(a.user) for a in version.authors.all()],
        "rounds": [_round(r) for r in version.rounds.all()],
    }


def _round(one: Round) -> dict[str, Any]:
    policy = one.policy
    return {
        **row(one),
        "policy": {"en": policy.name_en, "fr": policy.name_fr, "version": policy.version},
        "stages": [
            {**row(stage), "seats": [plain(seat.role) for seat in stage.seats.all()]}
            for stage in one.stages.all()
        ],
        "decisions": [
            {
                **row(d),
                "role": plain(d.seat.role),
                "base_version": d.base_version.number if d.base_version else None,
            }
            for d in one.decisions.all()
        ],
    }


def _publications(incident: Incident) -> Iterable[Any]:
    related = ("audience", "recorded_by", "statement", "version")
    return incident.publications.select_related(*related).order_by("pk")


def _publication(one: Any) -> dict[str, Any]:
    return {
        **row(one),
        "key": one.pk,
        "statement": str(one.statement.uuid) if one.statement else None,
        "version": one.version.number if one.version else None,
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
