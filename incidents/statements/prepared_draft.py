"""A draft beside the prepared text that it began with: what it would ask, said while it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from crisisdesk.kit.times import duration
from incidents.models import Draft, Policy, Statement, Version
from incidents.signoff import circuits
from incidents.signoff.policies import rows, words
from incidents.statements import mending, prepared, prepared_rows, rules, variables, versions
from incidents.statements.difference import Piece, difference
from teams.models import User


@dataclass(frozen=True)
class CircuitRow:
    """A circuit in one line: how many sign-offs, in how long at most, whose."""

    needed: int
    within: str
    who: str


@dataclass(frozen=True)
class Began:
    """
    The prepared text, and what became of it in the draft.

    `stands`: its fixed text does, filled in or not. `changed` names what else parts them, `pieces`
    is the difference of the text. `reduced` is None where no policy asks less for it.
    """

    origin: prepared_rows.Origin
    is_good: bool
    stands: bool
    changed: tuple[str, ...]
    pieces: tuple[Piece, ...]
    empty: tuple[str, ...]
    has_variables: bool
    reduced: CircuitRow | None
    full: CircuitRow | None

    @property
    def is_reduced(self) -> bool:
        """Tell whether sign-off of it would ask less, once everything is filled in."""
        return self.is_good and self.stands and not self.changed and self.reduced is not None


def began(statement: Statement, draft: Draft, *, at: datetime) -> Began | None:
    """Return what the editor says about the prepared text; None where there is none."""
    if statement.prepared_from_id is None:
        return None
    version = _as_version(statement, draft)
    origin = prepared_rows.origin(version)
    text = Version.objects.select_related("statement__incident").get(pk=statement.prepared_from_id)
    if origin is None:
        return None
    stands = prepared.stands(text, version.text, version.channel_texts, version.values)
    return Began(
        origin=origin,
        is_good=origin.is_good,
        stands=stands,
        changed=tuple(_changed(text, version)),
        pieces=() if stands else _difference(text, version),
        empty=prepared.holes(statement, version.text, version.channel_texts),
        has_variables=bool(prepared.names_of(text)),
        reduced=_circuit(version, Policy.Source.FROM_PREPARED, at=at),
        full=_circuit(version, Policy.Source.ORDINARY, at=at),
    )


def _as_version(statement: Statement, draft: Draft) -> Version:
    """Return the version that the draft would make; it is not kept."""
    text = rules.normalise(draft.text)
    return Version(
        statement=statement,
        kind=statement.kind,
        language=statement.language,
        audience=statement.audience.slug,
        text=text,
        channel_texts=rules.channel_texts(statement.channels, draft.channel_texts, text),
        attachments=list(draft.attachments),
        values=prepared.held(statement, draft),
    )


def _changed(text: Version, version: Version) -> Iterator[str]:
    """Name what parts a version from the prepared text beside its words."""
    if text.kind != version.kind:
        yield _("the kind")
    if text.language != version.language:
        yield _("the language")
    if text.audience != version.audience:
        yield _("the audience")
    for channel in rules.in_order(version.channel_texts.keys() - text.channel_texts.keys()):
        yield _("a channel that it was not signed for: %(channel)s") % {
            "channel": words.channel(channel)
        }
    if versions.files(text.attachments) != versions.files(version.attachments):
        yield _("its pictures or video")


def _difference(text: Version, version: Version) -> tuple[Piece, ...]:
    """Return where the first text that was changed differs, cut around the changes."""
    for fixed, there in prepared.texts(text, version.text, version.channel_texts):
        filled = rules.normalise(variables.fill(fixed, version.values))
        if filled != rules.normalise(there):
            return mending.cut(difference(filled, rules.normalise(there)).pieces)
    return ()


def _circuit(version: Version, source: str, *, at: datetime) -> CircuitRow | None:
    incident = version.statement.incident
    found = circuits.circuit_of(version, incident, source=source, at=at)
    if found is None:
        return None
    names = rows.names(incident.team)
    keys = {key for stage in found.stages for key in stage.roles} - names.roles.keys()
    outside = User.objects.filter(uuid__in=keys - names.people.keys())
    people = {**names.people, **{str(one.uuid): one.name for one in outside}}
    names = replace(names, people=people)
    return CircuitRow(
        needed=sum(stage.needed for stage in found.stages),
        within=duration(timedelta(minutes=sum(stage.minutes for stage in found.stages))),
        who=_("; then ").join(words.who(stage, names) for stage in found.stages),
    )
