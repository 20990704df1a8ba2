"""
Letting a text out without all its sign-offs, by a named person with a reason; what follows.

    break-glass: round open, changes or refused --release--> released, a review is owed
    oral agreement: seat open --agree--> taken, a confirmation is owed; the last one: released
    released --new version--> void        agreement --denied before publication--> void, asked again
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents import access
from incidents.clocks import actions as clocks
from incidents.clocks.rules import CONFIRM_WITHIN, REVIEW_WITHIN
from incidents.models import (
    Channel,
    Incident,
    Policy,
    Publication,
    Release,
    Round,
    Statement,
    Version,
)
from incidents.models import release as events
from incidents.signoff import circuits, moves, queries, reading, releases, rules
from incidents.signoff.actions import rounds
from incidents.signoff.actions.refused import (
    NoCircuit,
    NoSeat,
    OtherFrame,
    OtherText,
    OwnWords,
    RoundEnded,
)
from incidents.signoff.actions.withheld import (
    AlreadyReleased,
    AlreadySettled,
    NotAllowed,
    NothingToRelease,
    NotTheirs,
    ReasonMissing,
    TextChangedSince,
)
from incidents.timeline.actions import record
from teams.models import User

Form = Release.Form
Outcome = Release.Outcome


@transaction.atomic
def release_statement(
    statement: Statement,
    *,
    version: int,
    fingerprint: str,
    reason: str,
    source: str = Policy.Source.ORDINARY,
    by: User,
    at: datetime,
) -> Release:
    """
    Release exactly the text on the screen without the sign-offs that are missing (break-glass).

    Over a refusal too, and it says so. Everyone in the circuit is told; somebody else reviews it
    within `REVIEW_WITHIN`. Where sign-off was never asked, a round is opened first, by the
    policies for texts of this `source`.

    :raises TextChangedSince: if a newer version exists. :raises OtherText: not this fingerprint
    :raises NotAllowed: without the right, or where a policy has no break-glass (`forbidding`)
    :raises AlreadyReleased, NothingToRelease, ReasonMissing: see each
    """
    incident, statement = _locked(statement)
    _check_right(incident, by, at=at)
    newest = _on_screen(statement, version, fingerprint)
    _check_reason(reason)
    _check_status(statement, newest)
    round_ = _round_of(newest, source=source, by=by, at=at)
    _check_policy(round_, incident, at=at)
    refusals = releases.refusals(statement.pk)
    release = Release.objects.create(
        round=round_,
        version=newest,
        fingerprint=newest.fingerprint,
        form=Form.BREAK_GLASS,
        reason=reason.strip(),
        over_refusal=bool(refusals),
        missing=releases.missing_now(round_),
        released_by=by,
        released_at=at,
        owed_by=releases.reviewer(incident, by=by, at=at),
        owed_at=at + REVIEW_WITHIN,
    )
    rounds.end(round_, rules.Outcome.RELEASED, at=at)
    moves.set_status(round_)
    clocks.plan_release(release, at=at)
    record(
        incident,
        events.RELEASED_OVER_REFUSAL if refusals else events.RELEASED,
        by=by,
        at=at,
        refused_by=list({one.signer_id: one.signer for one in refusals}.values()),
        person=release.owed_by,
        **_facts(release),
    )
    return release


@transaction.atomic
def record_oral_agreement(
    statement: Statement,
    *,
    version: int,
    fingerprint: str,
    seat: str,
    approver: User,
    reason: str,
    by: User,
    at: datetime,
) -> Release:
    """
    Record that an absent approver agreed when the text and its fingerprint were read aloud.

    `seat` is the key of a seat that the approver may take now. It counts as taken; once every
    stage has what it needs, the round is released. The approver confirms within
    `CONFIRM_WITHIN`, or denies.

    :raises NoSeat: if the approver may not take that seat now. :raises OwnWords: an author
    :raises NotAllowed: without the right, for oneself, or where a policy has no break-glass
    :raises TextChangedSince, OtherText, RoundEnded, ReasonMissing, NotRead: see each
    """
    incident, statement = _locked(statement)
    _check_right(incident, by, at=at)
    newest = _on_screen(statement, version, fingerprint)
    _check_reason(reason)
    round_ = newest.rounds.select_related("policy", "version__statement").order_by("-pk").first()
    if round_ is None or round_.outcome != rules.Outcome.OPEN:
        raise RoundEnded(_("No sign-off is waiting for this text. Nothing was recorded."))
    _check_policy(round_, incident, at=at)
    taken = _seat_of(round_, incident, seat, approver, by=by, at=at)
    reading.check_agrees(newest, approver)
    release = Release.objects.create(
        round=round_,
        version=newest,
        fingerprint=newest.fingerprint,
        form=Form.ORAL,
        reason=reason.strip(),
        missing=[moves.whom(taken.seat, statement)],
        seat=taken.seat,
        approver=approver,
        released_by=by,
        released_at=at,
        owed_by=approver,
        owed_at=at + CONFIRM_WITHIN,
    )
    clocks.plan_release(release, at=at)
    record(
        incident,
        events.AGREED,
        by=by,
        at=at,
        person=approver,
        due=release.owed_at,
        **_taken(taken, statement),
        **_facts(release),
    )
    rounds.advance(round_, taken.seat.stage, incident, by=by, at=at)
    return release


@transaction.atomic
def review_release(release: Release, *, words: str, by: User, at: datetime) -> Release:
    """
    Say what became of a break-glass release; anyone who may break the glass but the releaser.

    :raises NotTheirs: for the releaser, or without the right. :raises AlreadySettled: it is done
    """
    incident, release = _locked_release(release, Form.BREAK_GLASS)
    if by.pk == release.released_by_id:
        raise NotTheirs(_("You released this text, so another person reviews it."))
    if by.pk != release.owed_by_id:
        _check_right(incident, by, at=at)
    if not words.strip():
        raise ReasonMissing(_("Say what you found; it goes on the record."))
    _settle(release, Outcome.REVIEWED, words, by=by, at=at)
    record(incident, events.REVIEWED, by=by, at=at, words=words.strip(), **_facts(release))
    return release


@transaction.atomic
def confirm_agreement(release: Release, *, words: str = "", by: User, at: datetime) -> Release:
    """
    Confirm that one agreed to exactly this text; the approver alone.

    :raises NotTheirs: for anyone else. :raises AlreadySettled: it was confirmed or denied
    """
    incident, release = _locked_release(release, Form.ORAL)
    _check_approver(release, by)
    _settle(release, Outcome.CONFIRMED, words, by=by, at=at)
    record(incident, events.CONFIRMED, by=by, at=at, words=words.strip(), **_facts(release))
    return release


@transaction.atomic
def deny_agreement(release: Release, *, words: str, by: User, at: datetime) -> Release:
    """
    Say that one did not agree; the approver alone. Everyone in the circuit is told.

    Unpublished, the round is void and sign-off of the same text is asked again from its first
    stage: nothing goes out on an agreement that was not given. Published, it stays on record and
    is flagged; a break-glass release of the same round stands, for it needed no agreement.

    :raises NotTheirs: for anyone else. :raises AlreadySettled: it was confirmed or denied
    """
    incident, release = _locked_release(release, Form.ORAL)
    _check_approver(release, by)
    if not words.strip():
        raise ReasonMissing(_("Say what was not so; it goes on the record."))
    _settle(release, Outcome.DENIED, words, by=by, at=at)
    round_ = Round.objects.select_related("version__statement").get(pk=release.round_id)
    released = round_.publications.exclude(basis=Publication.Basis.SIGNED)
    out = [Channel(one) for one in released.values_list("channel", flat=True)]
    record(
        incident,
        events.DENIED_AFTER_PUBLICATION if out else events.DENIED,
        by=by,
        at=at,
        words=words.strip().rstrip("."),
        channels=out,
        person=release.released_by,
        **_facts(release),
    )
    if not out:
        _ask_again(round_, by=by, at=at)
    return release


def _ask_again(round_: Round, *, by: User, at: datetime) -> None:
    """Void what rested on an agreement that was denied, and ask everybody for the same text."""
    stands = round_.releases.filter(form=Form.BREAK_GLASS).exists()
    if stands or round_.outcome not in rules.LIVING:
        return
    rounds.end(round_, rules.Outcome.VOID, at=at)
    try:
        rounds.open_round(round_.version, source=circuits.source_now(round_), by=by, at=at)
    except NoCircuit:
        Statement.objects.filter(pk=round_.version.statement_id).update(
            status=Statement.Status.DRAFT
        )


def _locked(statement: Statement) -> tuple[Incident, Statement]:
    incident = Incident.objects.lock(statement.incident_id)
    found = Statement.objects.select_related("audience", "incident").get(pk=statement.pk)
    return incident, found


def _locked_release(release: Release, form: str) -> tuple[Incident, Release]:
    incident = Incident.objects.lock(release.version.statement.incident_id)
    found = Release.objects.select_related("version__statement", "released_by").get(pk=release.pk)
    if found.form != form or found.outcome:
        raise AlreadySettled(_("Nothing was changed: this has been answered already."))
    return incident, found


def _check_right(incident: Incident, by: User, *, at: datetime) -> None:
    if not access.may(by, incident, "incidents.break_glass", at=at):
        raise NotAllowed(
            _("Only the crisis lead or the executive sponsor may do this. Nothing was changed.")
        )


def _check_policy(round_: Round, incident: Incident, *, at: datetime) -> None:
    if incident.is_library:
        raise NotAllowed(_("A prepared text has time for every sign-off. Nothing was released."))
    forbids = releases.forbidden(round_, incident, at=at)
    if forbids is not None:
        raise NotAllowed(
            _(
                "The circuit “%(policy)s” does not allow a release without sign-offs. Nothing was"
                " released."
            )
            % {"policy": forbids.name}
        )


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(_("Nothing was released: say why. The reason goes on the record."))


def _on_screen(statement: Statement, number: int, fingerprint: str) -> Version:
    newest: Version | None = statement.versions.order_by("-number").first()
    if newest is None:
        raise NothingToRelease(
            _("Save the text as a version first: a release names exactly one text.")
        )
    if newest.number != number:
        raise TextChangedSince(newest)
    if newest.fingerprint != fingerprint:
        raise OtherText(_("This is not the text on record. Nothing was released. Read it again."))
    if not rules.is_of_today(newest, statement):
        raise OtherFrame(newest)
    return newest


def _check_status(statement: Statement, newest: Version) -> None:
    """Refuse what may go out already; on one channel out, it may wait for another."""
    last = newest.rounds.order_by("-pk").first()
    gone = statement.status in (Statement.Status.WITHDRAWN, Statement.Status.SUPERSEDED)
    if gone or (last and last.outcome in (rules.Outcome.APPROVED, rules.Outcome.RELEASED)):
        raise AlreadyReleased(
            _("This statement is %(status)s: there is no sign-off to release it from.")
            % {"status": statement.get_status_display()}
        )


def _round_of(version: Version, *, source: str, by: User, at: datetime) -> Round:
    """Return the round of a version that has not ended void; opened now, if none was asked."""
    found = version.rounds.order_by("-pk").first()
    if found is None or found.outcome == rules.Outcome.VOID:
        found = rounds.open_round(version, source=source, by=by, at=at)
    return Round.objects.select_related("policy", "version__statement").get(pk=found.pk)


def _seat_of(
    round_: Round, incident: Incident, key: str, approver: User, *, by: User, at: datetime
) -> queries.Capacity:
    if approver.pk == by.pk:
        raise NotAllowed(_("Your own agreement is your sign-off: decide on the text yourself."))
    if round_.version.authors.filter(user=approver).exists():
        raise OwnWords(
            _(
                "%(name)s wrote part of this text, so someone else agrees to it. Nothing was"
                " recorded."
            )
            % {"name": approver.name}
        )
    if not access.may(approver, incident, access.VIEW, at=at):
        raise NotAllowed(
            _(
                "%(name)s signs from outside and could not confirm here afterwards. Nothing was"
                " recorded. Ask them to sign in writing."
            )
            % {"name": approver.name}
        )
    for capacity in queries.capacities(round_, approver, incident, at=at):
        if capacity.seat.key == key:
            return capacity
    raise NoSeat(
        _("%(name)s is not asked to sign this here and now. Nothing was recorded.")
        % {"name": approver.name}
    )


def _check_approver(release: Release, by: User) -> None:
    if by.pk != release.approver_id:
        raise NotTheirs(_("Only the person who is said to have agreed answers this."))


def _settle(release: Release, outcome: str, words: str, *, by: User, at: datetime) -> None:
    release.outcome = outcome
    release.settled_by, release.settled_at = by, at
    release.settled_words = words.strip()
    release.save(update_fields=["outcome", "settled_by", "settled_at", "settled_words"])
    clocks.settle_release(release, at=at)


def _taken(taken: queries.Capacity, statement: Statement) -> dict[str, Any]:
    """Return which seat was taken, and as what, as facts."""
    return {
        "role": taken.seat.role or taken.seat.person,
        "capacity": taken.capacity,
        "deputy_of": taken.stands_for,
        "stage": taken.seat.stage.order,
        **moves.from_outside(taken.seat, statement),
    }


def _facts(release: Release) -> dict[str, Any]:
    return {
        "release": release.pk,
        "fingerprint": release.fingerprint,
        "reason": release.reason,
        "missing": release.missing,
        **moves.facts(release.round),
    }
