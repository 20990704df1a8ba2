"""
The record's statements: texts, who signed which, what was on their screens, what went out.

    statements: [{..., uuid, master, corrects, supersedes, draft, versions: [
        {..., fingerprint, authors, attestations, rounds: [{..., key, policy,
            stages: [{order, needed, ..., seats: [{slug or id, ..., carried_from}]}],
            decisions: [{signer, capacity, deputy_of, role, stage, fingerprint, screen, ...}],
            releases: [{key, form, fingerprint, seat, stage, outcome, ...}]}]}]}]
    publications: [{..., statement, version, round, release}]
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from incidents.archive.columns import row
from incidents.models import (
    Attestation,
    Decision,
    Incident,
    Publication,
    Release,
    Round,
    Seat,
    Stage,
    Statement,
    Version,
    VersionAuthor,
)
from incidents.timeline.rules import plain
from teams.models import User


def statements(incident: Incident) -> list[dict[str, Any]]:
    """Return every statement with its versions, and all that vouches for each."""
    return [_statement(one) for one in _statements(incident)]


def publications(incident: Incident) -> list[dict[str, Any]]:
    """Return what stood outside: `round` or `release` are keys of what it rested on."""
    related = ("audience", "recorded_by", "statement", "version")
    found = incident.publications.select_related(*related).order_by("pk")
    return [_publication(one) for one in found]


def _statements(incident: Incident) -> Iterable[Statement]:
    related = ("audience", "created_by", "draft__edited_by", "master", "corrects", "supersedes")
    return (
        incident.statements.select_related(*related)
        .prefetch_related(Prefetch("versions", _versions()))
        .order_by("number")
    )


def _versions() -> Any:
    authors = VersionAuthor.objects.select_related("user").order_by("pk")
    attested = Attestation.objects.select_related("reader", "master_version").order_by("pk")
    return (
        Version.objects.select_related("saved_by", "master_version")
        .order_by("number")
        .prefetch_related(
            Prefetch("authors", authors),
            Prefetch("attestations", attested),
            Prefetch("rounds", _rounds()),
        )
    )


def _rounds() -> Any:
    seats = Seat.objects.select_related(
        "role", "person", "carried_from__signer", "carried_from__version"
    ).order_by("pk")
    stages = Stage.objects.order_by("order").prefetch_related(Prefetch("seats", seats))
    decisions = Decision.objects.select_related(
        *("signer", "deputy_of", "base_version"),
        *("seat__stage", "seat__role", "seat__person"),
    ).order_by("pk")
    releases = Release.objects.select_related(
        *("seat__stage", "seat__role", "seat__person"),
        *("approver", "released_by", "owed_by", "settled_by"),
    ).order_by("pk")
    return (
        Round.objects.select_related("policy")
        .order_by("pk")
        .prefetch_related(
            Prefetch("opened_by", User.objects.all()),
            Prefetch("stages", stages),
            Prefetch("decisions", decisions),
            Prefetch("releases", releases),
        )
    )


def _statement(statement: Statement) -> dict[str, Any]:
    draft = getattr(statement, "draft", None)
    return {
        **row(statement),
        "master": _uuid(statement.master),
        "corrects": _uuid(statement.corrects),
        "supersedes": _uuid(statement.supersedes),
        "draft": row(draft) if draft else None,
        "versions": [_version(v) for v in statement.versions.all()],
    }


def _uuid(statement: Statement | None) -> str | None:
    return str(statement.uuid) if statement else None


def _version(version: Version) -> dict[str, Any]:
    return {
        **row(version),
        "master_version": _number(version.master_version),
        "authors": [plain(a.user) for a in version.authors.all()],
        "attestations": [
            {**row(a), "master_version": _number(a.master_version)}
            for a in version.attestations.all()
        ],
        "rounds": [_round(r) for r in version.rounds.all()],
    }


def _number(version: Version | None) -> int | None:
    return version.number if version else None


def _round(one: Round) -> dict[str, Any]:
    policy = one.policy
    return {
        **row(one),
        "key": one.pk,
        "policy": {"en": policy.name_en, "fr": policy.name_fr, "version": policy.version},
        "stages": [
            {**row(stage), "seats": [_seat(seat) for seat in stage.seats.all()]}
            for stage in one.stages.all()
        ],
        "decisions": [_decision(d) for d in one.decisions.all()],
        "releases": [_release(r) for r in one.releases.all()],
    }


def _decision(one: Decision) -> dict[str, Any]:
    seat = one.seat
    return {
        **row(one),
        "role": plain(seat.role or seat.person),
        "stage": seat.stage.order,
        "base_version": _number(one.base_version),
    }


def _seat(seat: Seat) -> dict[str, Any]:
    """Return whom a seat asks, a role or a person; and the sign-off that a typo left standing."""
    asked: dict[str, Any] = plain(seat.role or seat.person)
    stands = seat.carried_from
    if stands is None:
        return asked
    told = {
        "version": stands.version.number,
        "fingerprint": stands.fingerprint,
        "signer": plain(stands.signer),
    }
    return {**asked, "carried_from": told}


def _release(one: Release) -> dict[str, Any]:
    seat = one.seat
    return {
        **row(one),
        "key": one.pk,
        "seat": _seat(seat) if seat else None,
        "stage": seat.stage.order if seat else None,
    }


def _publication(one: Publication) -> dict[str, Any]:
    return {
        **row(one),
        "key": one.pk,
        "statement": _uuid(one.statement),
        "version": _number(one.version),
        "round": one.round_id,
        "release": one.release_id,
    }
