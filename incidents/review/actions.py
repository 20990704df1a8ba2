from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Action, Incident, Lesson, Review
from incidents.models import incident as incident_events
from incidents.models import review as events
from incidents.review import rules
from incidents.review.queries.rows import Audience
from incidents.review.wording import in_both, say_date
from incidents.timeline.actions import record
from incidents.timeline.rules import OPERATOR
from teams.models import User

EXPORTED_WHAT = {"en": "the post-mortem", "fr": "le retour d’expérience"}


class WrittenMeanwhile(Refused):
    """Someone else saved the same words since they were read; `theirs` is what stands now."""

    def __init__(self, reason: str, *, theirs: str, revision: int) -> None:
        super().__init__(reason)
        self.theirs = theirs
        self.revision = revision


class ReadAgain(Refused):
    """The act was decided on words that have changed since."""


class Accepted(Refused):
    """An accepted post-mortem keeps its words."""


class NothingToAccept(Refused):
    """A post-mortem without a summary says nothing."""


class Gone(Refused):
    """The lesson was taken out meanwhile."""


class ReasonMissing(Refused):
    """Taking an acceptance back says why."""


@transaction.atomic
def summarise(incident: Incident, *, summary: str, revision: int, by: User, at: datetime) -> Review:
    """
    Save the summary, written on top of `revision`; the same words again change nothing.

    :raises WrittenMeanwhile: when someone saved other words since.
    """
    locked = Incident.objects.lock(incident.pk)
    review = _open_review(locked)
    summary = summary.strip()
    if summary == review.summary:
        return review
    if revision != review.revision:
        raise _conflict(review.summary, review.revision)
    review.summary = summary
    review.edited_by, review.edited_at = by, at
    review.revision += 1
    review.save()
    record(incident, events.SUMMARISED, by=by, at=at, text=summary, revision=review.revision)
    return review


@transaction.atomic
def add_lesson(incident: Incident, *, kind: str, text: str, by: User, at: datetime) -> Lesson:
    locked = Incident.objects.lock(incident.pk)
    _open_review(locked)
    lesson = Lesson.objects.create(
        incident=locked, kind=kind, text=text.strip(), added_by=by, added_at=at
    )
    record(
        incident,
        events.LESSON_ADDED,
        by=by,
        at=at,
        text=lesson.text,
        lesson=lesson.pk,
        lesson_kind=Lesson.Kind(kind),
    )
    return lesson


@transaction.atomic
def change_lesson(
    lesson: Lesson, *, kind: str, text: str, revision: int, by: User, at: datetime
) -> Lesson:
    """
    Put other words, or another heading, on top of `revision`.

    :raises WrittenMeanwhile: when someone changed it since; `Gone`: when it was taken out.
    """
    incident = Incident.objects.lock(lesson.incident_id)
    _open_review(incident)
    found = _standing(lesson)
    text = text.strip()
    if (found.text, found.kind) == (text, kind):
        return found
    if found.revision != revision:
        raise _conflict(found.text, found.revision)
    before = found.text
    found.text, found.kind = text, kind
    found.revision += 1
    found.save(update_fields=["text", "kind", "revision"])
    record(
        incident,
        events.LESSON_CHANGED,
        by=by,
        at=at,
        text=text,
        before=before,
        lesson=found.pk,
        lesson_kind=Lesson.Kind(kind),
    )
    return found


@transaction.atomic
def remove_lesson(lesson: Lesson, *, revision: int, by: User, at: datetime) -> Lesson:
    """
    Take a lesson out of the post-mortem; the timeline keeps its words.

    :raises ReadAgain: when someone changed it since it was read.
    """
    incident = Incident.objects.lock(lesson.incident_id)
    _open_review(incident)
    found = _standing(lesson)
    if found.revision != revision:
        raise ReadAgain(
            _("Not taken out: someone changed this lesson meanwhile. Open it again and read it.")
        )
    found.removed_at = at
    found.save(update_fields=["removed_at"])
    record(incident, events.LESSON_REMOVED, by=by, at=at, text=found.text, lesson=found.pk)
    return found


@transaction.atomic
def add_action(
    incident: Incident, *, text: str, owner: User, due_on: date, by: User, at: datetime
) -> Action:
    """Give someone something to do by a day; also after the post-mortem was accepted."""
    locked = Incident.objects.lock(incident.pk)
    action = Action.objects.create(
        incident=locked, text=text.strip(), owner=owner, due_on=due_on, added_by=by, added_at=at
    )
    record(
        incident,
        events.ACTION_ADDED,
        by=by,
        at=at,
        text=action.text,
        person=owner,
        due=in_both(due_on),
        action=action.pk,
    )
    return action


@transaction.atomic
def change_action(
    action: Action,
    *,
    text: str,
    owner: User,
    due_on: date,
    state: str,
    revision: int,
    by: User,
    at: datetime,
) -> Action:
    """
    Change what is to be done, by whom, by when, or how far it is.

    :raises WrittenMeanwhile: when someone changed it since it was read.
    """
    incident = Incident.objects.lock(action.incident_id)
    found = Action.objects.select_related("owner").get(pk=action.pk)
    wanted = (text.strip(), owner.pk, due_on, state)
    if (found.text, found.owner_id, found.due_on, found.state) == wanted:
        return found
    if found.revision != revision:
        raise _conflict(_told(found), found.revision)
    before = Action.State(found.state)
    found.text, found.owner, found.due_on, found.state = text.strip(), owner, due_on, state
    if before != state:
        found.settled_at = at if Action.State(state) in rules.ACTION_ENDS else None
    found.revision += 1
    found.save()
    record(
        incident,
        events.ACTION_CHANGED,
        by=by,
        at=at,
        text=found.text,
        person=owner,
        due=in_both(due_on),
        state=Action.State(state),
        before=before,
        action=found.pk,
    )
    return found


@transaction.atomic
def accept_report(incident: Incident, *, revision: int, by: User, at: datetime) -> Review:
    """
    Accept the post-mortem as read: the incident may be closed, its words are kept.

    :raises NothingToAccept: while no summary is written.
    :raises ReadAgain: when the summary is not the one that was read.
    """
    locked = Incident.objects.lock(incident.pk)
    review = _open_review(locked)
    if not review.summary:
        raise NothingToAccept(
            _("Not accepted: the summary is not written yet. Write it, then accept.")
        )
    if review.revision != revision:
        raise ReadAgain(
            _("Not accepted: the summary was changed meanwhile. Reload the page and read it.")
        )
    review.accepted_by, review.accepted_at = by, at
    review.save(update_fields=["accepted_by", "accepted_at"])
    record(incident, events.ACCEPTED, by=by, at=at, key_moment=True, revision=review.revision)
    return review


@transaction.atomic
def reopen_report(incident: Incident, *, reason: str, by: User, at: datetime) -> Review:
    """
    Take the acceptance back, so that words can be changed again.

    :raises ReasonMissing: when no reason is given.
    """
    locked = Incident.objects.lock(incident.pk)
    review, _made = Review.objects.get_or_create(incident=locked)
    if review.accepted_at is None:
        return review
    if not reason.strip():
        raise ReasonMissing(_("Not reopened: the reason is missing. Say why in one sentence."))
    review.accepted_by, review.accepted_at = None, None
    review.save(update_fields=["accepted_by", "accepted_at"])
    record(incident, events.REOPENED, by=by, at=at, reason=reason.strip())
    return review


@transaction.atomic
def record_export(
    incident: Incident,
    *,
    form: str,
    audience: Audience,
    with_privileged: bool,
    sha256: str,
    by: User | None,
    at: datetime,
) -> None:
    """Write down who took which report out; without a person it was the operator."""
    record(
        incident,
        incident_events.EXPORTED,
        by=by,
        actor_name="" if by else OPERATOR,
        at=at,
        what=EXPORTED_WHAT,
        format=form.upper(),
        audience=str(audience),
        with_privileged=with_privileged,
        sha256=sha256,
    )


def _open_review(incident: Incident) -> Review:
    """
    Return the review, which may be written.

    :raises Accepted: when it was accepted.
    """
    review, _made = Review.objects.get_or_create(incident=incident)
    if review.accepted_at is not None:
        raise Accepted(
            _(
                "Not saved: the post-mortem was accepted meanwhile and keeps its words. "
                "Take the acceptance back first; what you typed is still here."
            )
        )
    return review


def _standing(lesson: Lesson) -> Lesson:
    found = Lesson.objects.get(pk=lesson.pk)
    if found.removed_at is not None:
        raise Gone(_("Not saved: this lesson was taken out meanwhile. Your words are still here."))
    return found


def _told(action: Action) -> str:
    state = Action.State(action.state).label
    return f"{action.text} · {action.owner.name} · {say_date(action.due_on)} · {state}"


def _conflict(theirs: str, revision: int) -> WrittenMeanwhile:
    return WrittenMeanwhile(
        _("Not saved: someone else saved other words meanwhile. Both are shown below."),
        theirs=theirs,
        revision=revision,
    )
