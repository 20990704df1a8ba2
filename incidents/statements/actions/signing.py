"""Asking for sign-off, and giving it."""

from __future__ import annotations

from datetime import datetime
from typing import Required, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Decision, Round, Statement, Version
from incidents.models import statement as events
from incidents.signoff import actions as signoff
from incidents.signoff.rules import Verdict
from incidents.statements import citing, prepared, reduced
from incidents.statements.moves import NotFromHere, facts, locked, next_status
from incidents.statements.versions import NothingToSign
from incidents.timeline import pen
from incidents.timeline.actions import record
from teams.models import User


class SentBack(Refused):
    """This version was refused or sent back: it takes a new version to ask again."""


@transaction.atomic
@pen.together()
def submit_statement(
    statement: Statement, *, by: User, at: datetime, version: int | None = None
) -> Round:
    """
    Ask for sign-off of the newest version (`version`, if given, is the one on the screen).

    :raises NothingToSign: if there is no version yet
    :raises SentBack: if this version was refused or sent back
    :raises VariableEmpty: if a variable of its prepared text is still empty
    :raises NotFromHere: if it is not a draft, or a newer version exists
    """
    incident, statement = locked(statement)
    next_status(statement, "submit")
    newest = statement.versions.order_by("-number").first()
    if newest is None:
        raise NothingToSign(_("Save the text as a version first: a version is what is signed."))
    if version is not None and version != newest.number:
        raise NotFromHere(
            _("v%(number)s exists by now. Read it, then ask for its sign-off.")
            % {"number": newest.number}
        )
    if newest.rounds.exists():
        raise SentBack(
            _(
                "v%(number)s has been through sign-off. Change the text and save a new version,"
                " then ask again."
            )
            % {"number": newest.number}
        )
    prepared.check_filled(newest)
    record(incident, events.SUBMITTED, by=by, at=at, **facts(newest))
    source = reduced.source_of(newest)
    return signoff.open_round_locked(newest, incident, source=source, by=by, at=at)


class Seen(TypedDict, total=False):
    """What was on the signer's screen, and what they say; `version` and `fingerprint` always."""

    version: Required[int]
    fingerprint: Required[str]
    comment: str
    base_version: int | None
    role: str | None
    cited: str | None  # the stamp of the facts, see `citing.on_screen`


def approve_statement(
    statement: Statement, *, by: User, at: datetime, **seen: Unpack[Seen]
) -> Decision:
    """Approve exactly the version and fingerprint on the screen (see `signoff.decide`)."""
    return _decide(statement, Verdict.APPROVE, by=by, at=at, **seen)


def request_changes(
    statement: Statement, *, by: User, at: datetime, **seen: Unpack[Seen]
) -> Decision:
    """Send the version back with what should change; the round ends."""
    return _decide(statement, Verdict.CHANGES, by=by, at=at, **seen)


def refuse_statement(
    statement: Statement, *, by: User, at: datetime, **seen: Unpack[Seen]
) -> Decision:
    """Refuse the version with the reason; the round ends."""
    return _decide(statement, Verdict.REFUSE, by=by, at=at, **seen)


@transaction.atomic
@pen.together()
def _decide(
    statement: Statement, verdict: str, *, by: User, at: datetime, **seen: Unpack[Seen]
) -> Decision:
    incident, statement = locked(statement)
    number = seen["version"]
    newest, base = _read(statement, number, base=seen.get("base_version"))
    if newest is None or number > newest.number or number < 1:
        raise NotFromHere(_("There is no such version. Nothing was signed."))
    if newest.number != number:
        raise signoff.TextChanged(newest)
    round_ = newest.rounds.order_by("-pk").first()
    if round_ is None:
        raise NotFromHere(_("No sign-off has been asked for this text. Nothing was changed."))
    newest.statement, round_.version = statement, newest
    stamp = seen.get("cited") if verdict == Verdict.APPROVE else None
    return signoff.decide_locked(
        round_,
        incident,
        verdict=verdict,
        fingerprint=seen["fingerprint"],
        comment=seen.get("comment", ""),
        base_version=base,
        by=by,
        at=at,
        role=seen.get("role"),
        cited=citing.on_screen(statement, stamp=stamp),
    )


def _read(
    statement: Statement, number: int, *, base: int | None
) -> tuple[Version | None, Version | None]:
    """
    Return the newest version, and the one that the difference on the screen was against.

    Their texts are left where they are: the fingerprint says which text it is.
    """
    wanted = Q(number__gte=number) | Q(number=base or 0)
    found = list(
        statement.versions.filter(wanted)
        .defer("text", "channel_texts", "attachments", "values")
        .order_by("-number")
    )
    if not found or found[0].number == base:
        return (statement.versions.order_by("-number").first(), None)
    shown = found[-1] if base and found[-1].number == base < number else None
    return found[0], shown
