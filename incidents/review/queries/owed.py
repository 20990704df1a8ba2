"""What was promised and how it went; what people learnt and will do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from incidents.clocks import rules as clock_rules
from incidents.models import Action, Incident, Promise, Review
from incidents.review.queries.rows import (
    ActionRow,
    Analysis,
    LessonRow,
    NamedRow,
    PromiseCount,
    PromiseRow,
)
from incidents.review.rules import ACTION_ENDS


def promises(incident: Incident) -> list[PromiseRow]:
    found = incident.promises.select_related("audience", "owner", "moved_to")
    return [_promise(one) for one in found.order_by("due_at", "pk")]


def count(rows: Iterable[PromiseRow], *, at: datetime | None = None) -> PromiseCount:
    """Count what became of promises; those still open are overdue from their time on, at `at`."""
    found = list(rows)
    late_open = [row for row in found if row.outcome == "open" and at and row.due_at < at]

    def number(outcome: str) -> int:
        return sum(row.outcome == outcome for row in found)

    return PromiseCount(
        kept=number("kept"),
        late=number("late"),
        missed=number("missed"),
        moved=number("moved"),
        cancelled=number("cancelled"),
        open=number("open"),
        overdue=len(late_open),
        lateness=tuple(row.late_by for row in found if row.late_by is not None),
    )


def analysis(incident: Incident, *, at: datetime) -> Analysis:
    review = (
        Review.objects.filter(pk=incident.pk).select_related("accepted_by", "edited_by").first()
    )
    return Analysis(
        summary=review.summary if review else "",
        revision=review.revision if review else 0,
        edited_by=review.edited_by.name if review and review.edited_by else "",
        edited_at=review.edited_at if review else None,
        accepted_by=review.accepted_by.name if review and review.accepted_by else "",
        accepted_at=review.accepted_at if review else None,
        lessons=tuple(lessons(incident)),
        actions=tuple(actions(incident, at=at)),
    )


def lessons(incident: Incident) -> list[LessonRow]:
    found = incident.lessons.filter(removed_at=None).select_related("added_by")
    return [
        LessonRow(
            one.pk,
            NamedRow(one.kind, str(one.get_kind_display())),
            one.text,
            one.revision,
            one.added_by.name,
        )
        for one in found.order_by("added_at", "pk")
    ]


def actions(incident: Incident, *, at: datetime) -> list[ActionRow]:
    """Return the actions, those to do first, in the order in which they are due."""
    today = at.astimezone(ZoneInfo(incident.zone)).date()
    found = incident.actions.select_related("owner").order_by("due_on", "pk")
    rows = [_action(one, today=today) for one in found]
    return sorted(rows, key=lambda row: row.is_done)


def _promise(promise: Promise) -> PromiseRow:
    late = promise.state == Promise.State.KEPT and promise.is_late
    return PromiseRow(
        audience=NamedRow(promise.audience.slug, promise.audience.name),
        is_internal=promise.audience.is_internal,
        subject=clock_rules.subject(promise),
        due_at=promise.due_at,
        outcome="late" if late else promise.state,
        settled_at=promise.settled_at,
        late_by=promise.settled_at - promise.due_at if late and promise.settled_at else None,
        moved_to=promise.moved_to.due_at if promise.moved_to else None,
        owner=promise.owner.name,
        reason=clock_rules.reason(promise),
    )


def _action(action: Action, *, today: date) -> ActionRow:
    state = Action.State(action.state)
    over = (today - action.due_on).days
    return ActionRow(
        pk=action.pk,
        text=action.text,
        owner=action.owner.name,
        owner_pk=action.owner_id,
        due_on=action.due_on,
        state=NamedRow(state, str(state.label)),
        is_done=state in ACTION_ENDS,
        settled_at=action.settled_at,
        overdue_days=over if over > 0 and state not in ACTION_ENDS else 0,
        revision=action.revision,
    )
