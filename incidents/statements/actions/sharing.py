"""
Showing one statement to somebody from outside, until a time.

    shown --end, or its time passes--> over        A seat that was asked stays; an end is no approval.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.access import is_excluded, people_of
from incidents.models import (
    ExternalApprover,
    Incident,
    Round,
    Statement,
    StatementUserPermission,
)
from incidents.models import approver as events
from incidents.signoff import actions as signoff
from incidents.signoff import queries as rounds
from incidents.statements import reduced
from incidents.statements.moves import NotFromHere, about, locked
from incidents.timeline.actions import record
from teams.actions import add_person
from teams.models import Function, Membership, User

LONGEST: Final = timedelta(days=90)
OUTSIDE_FUNCTION: Final = "external"
READS: Final = ("view_statement",)
SIGNS: Final = ("view_statement", "sign_statement")
# Where a sign-off can still be asked for.
SIGNABLE: Final = (Statement.Status.DRAFT, Statement.Status.IN_SIGNOFF, Statement.Status.GOOD)


class OneOfUs(Refused):
    """Colleagues sign through a role or a policy, not through a door for one text."""


class NotSoLong(Refused):
    """The end lies in the past, or too far ahead."""


class AlreadyShown(Refused):
    """The text is shown to this person as it is."""


class AlreadyOver(Refused):
    """The invitation has ended before."""


class NotAsked(Refused):
    """No living round waits for this person, or they may still answer."""


@transaction.atomic
def invite_approver(
    statement: Statement,
    *,
    email: str,
    name: str,
    language: str,
    signs: bool,
    ends_at: datetime,
    by: User,
    at: datetime,
) -> ExternalApprover:
    """
    Show one statement to somebody from outside until `ends_at`, to sign it or to read it.

    Somebody unknown gets an account that opens nothing else, without a password: they enter by
    an e-mailed code or a passkey, and read the pages in `language`. With `signs` they are asked
    in the round that runs, after everyone else, and in those to come.

    :raises OneOfUs: a colleague, or somebody who is excluded from the incident
    :raises NotSoLong, AlreadyShown: see each
    :raises NotFromHere: it is withdrawn; or to be signed, and its sign-off is over
    """
    incident, statement = locked(statement)
    living = rounds.living_round(statement.pk)
    _check_time(ends_at, at=at)
    _check_status(statement, living, signs=signs)
    known = User.objects.filter(email__iexact=email.strip()).first()
    if known is not None:
        _check_person(known, incident, at=at)
        _close_ended(statement, known, at=at)
    person = known or _account(email=email, name=name, language=language, by=by, at=at)
    approver = ExternalApprover.objects.create(
        statement=statement, user=person, signs=signs, invited_by=by, invited_at=at, ends_at=ends_at
    )
    _grant(approver)
    record(
        incident,
        events.INVITED if signs else events.SHOWN,
        by=by,
        at=at,
        person=person,
        until=ends_at,
        **_facts(statement),
    )
    if signs and living is not None:
        signoff.ask_also(living, person, by=by, at=at)
    return approver


@transaction.atomic
def end_external_approver(
    approver: ExternalApprover, *, by: User, at: datetime
) -> ExternalApprover:
    """
    Close the door at once. It never counts as approval: a seat that was asked stays empty.

    :raises AlreadyOver: it has ended before
    """
    incident, statement = locked(approver.statement)
    found = _fresh(approver)
    if found.ended_at is not None:
        raise AlreadyOver(_("This has already ended. Nothing was changed."))
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    _revoke(found)
    record(incident, events.ENDED, by=by, at=at, person=found.user, **_facts(statement))
    return found


@transaction.atomic
def ask_without_external(
    approver: ExternalApprover, *, reason: str, by: User, at: datetime
) -> Round:
    """
    Ask everyone anew for the same text, without a person from outside who can no longer answer.

    Every sign-off of the round is void: nobody's approval is carried, and no seat is left out
    in silence.

    :raises NotAsked: no round waits for them, they have decided, or they may still answer
    """
    incident, statement = locked(approver.statement)
    found = _fresh(approver)
    living = rounds.living_round(statement.pk)
    if found.ended_at is None and found.ends_at > at:
        raise NotAsked(
            _("%(name)s may still answer. End it first, then ask without them.")
            % {"name": found.user.name}
        )
    if living is None or not _waits_for(living, found.user):
        raise NotAsked(_("No sign-off waits for %(name)s.") % {"name": found.user.name})
    signoff.void_round(living, by=by, at=at, say_so=False)
    record(
        incident,
        events.ASKED_WITHOUT,
        by=by,
        at=at,
        person=found.user,
        reason=reason.strip(),
        version=living.version.number,
        round=living.pk,
        **_facts(statement),
    )
    return signoff.open_round(
        living.version, source=reduced.source_of(living.version), by=by, at=at
    )


def _check_time(ends_at: datetime, *, at: datetime) -> None:
    if ends_at <= at:
        raise NotSoLong(_("This end lies in the past. Choose a later time."))
    if ends_at > at + LONGEST:
        raise NotSoLong(
            _("At most %(days)s days: choose an earlier end, it can be given anew.")
            % {"days": LONGEST.days}
        )


def _check_status(statement: Statement, living: Round | None, *, signs: bool) -> None:
    if statement.status == Statement.Status.WITHDRAWN:
        raise NotFromHere(_("This statement is withdrawn: it is shown to nobody any more."))
    released = living is not None and living.outcome == Round.Outcome.RELEASED
    if signs and (released or statement.status not in SIGNABLE):
        raise NotFromHere(
            _("Nobody is asked to sign this statement any more: it is out, or released as it is.")
        )


def _check_person(person: User, incident: Incident, *, at: datetime) -> None:
    words = {"name": person.name}
    if not person.is_active:
        raise OneOfUs(_("%(name)s cannot sign in any more. Choose somebody else.") % words)
    if is_excluded(person, incident):
        raise OneOfUs(_("%(name)s is excluded from this incident. Nothing was shown.") % words)
    member = Membership.objects.filter(team=incident.team_id, user=person)
    if (
        person.is_staff
        or people_of(incident, at=at).filter(pk=person.pk).exists()
        or any(one.ends_at is None or one.ends_at > at for one in member)
    ):
        raise OneOfUs(
            _(
                "%(name)s is a colleague, not from outside. Give them a role, or let an"
                " administrator name them in the approval policy."
            )
            % words
        )


def _close_ended(statement: Statement, person: User, *, at: datetime) -> None:
    """Close an invitation whose time has passed, so that another can begin."""
    before = ExternalApprover.objects.filter(statement=statement, user=person, ended_at=None)
    for one in before:
        if one.ends_at > at:
            raise AlreadyShown(
                _("%(name)s is shown this text already. End that first to change it.")
                % {"name": person.name}
            )
        one.ended_at = one.ends_at
        one.save(update_fields=["ended_at"])
        _revoke(one)


def _account(*, email: str, name: str, language: str, by: User, at: datetime) -> User:
    """Make an account that is in no team and has no password."""
    return add_person(
        email=email,
        name=name.strip(),
        function=Function.objects.get(slug=OUTSIDE_FUNCTION),
        language=language,
        reads=[language],
        by=by,
        at=at,
    )


def _grant(approver: ExternalApprover) -> None:
    _revoke(approver)
    wanted = Permission.objects.filter(
        content_type=ContentType.objects.get_for_model(Statement),
        codename__in=SIGNS if approver.signs else READS,
    )
    StatementUserPermission.objects.bulk_create(
        StatementUserPermission(
            content_object=approver.statement,
            user=approver.user,
            permission=permission,
            ends_at=approver.ends_at,
        )
        for permission in wanted
    )


def _revoke(approver: ExternalApprover) -> None:
    StatementUserPermission.objects.filter(
        content_object=approver.statement, user=approver.user
    ).delete()


def _waits_for(round_: Round, person: User) -> bool:
    return (
        round_.outcome == Round.Outcome.OPEN
        and round_.stages.filter(
            completed_at=None, seats__person=person, seats__decisions=None, seats__releases=None
        ).exists()
    )


def _fresh(approver: ExternalApprover) -> ExternalApprover:
    return ExternalApprover.objects.select_related("statement", "user").get(pk=approver.pk)


def _facts(statement: Statement) -> dict[str, Any]:
    return {**about(statement), "statement_uuid": str(statement.uuid)}
