"""
Plans and settles due rows. Called inside the verbs of clocks and of the slices above.

A Due and its steps are written in the transaction that makes the thing owed, and ended in the
one that settles it: nothing is owed without its reminders, no reminder outlives what it is for.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from incidents.clocks import rules
from incidents.models import Assignment, Due, Incident, Promise, Release, Stage, Step


def plan(
    incident: Incident,
    kind: Due.Kind,
    *,
    due_at: datetime,
    at: datetime,
    promise: Promise | None = None,
    stage: Stage | None = None,
    assignment: Assignment | None = None,
    release: Release | None = None,
) -> Due:
    """Write a due and the steps of its first series."""
    due = Due.objects.create(
        incident=incident,
        kind=kind,
        promise=promise,
        stage=stage,
        assignment=assignment,
        release=release,
        due_at=due_at,
        planned_at=at,
    )
    steps = rules.planned_steps(kind, due_at=due_at, planned_at=at)
    Step.objects.bulk_create(Step(due=due, name=name, at=when) for name, when in steps.items())
    return due


def settle(dues: QuerySet[Due], *, at: datetime) -> None:
    """End what is owed: what waits of its steps is dropped. Settling twice changes nothing."""
    running = dues.filter(settled_at=None)
    _waiting(Step.objects.filter(due__in=running)).update(dropped_at=at)
    running.update(settled_at=at)


def _waiting(steps: QuerySet[Step]) -> QuerySet[Step]:
    return steps.filter(taken_at=None, dropped_at=None)


def drop_waiting(due: Due, *, at: datetime) -> None:
    _waiting(due.steps.all()).update(dropped_at=at)


def begin_series(due: Due, *, until: datetime, at: datetime) -> None:
    """Drop what waits and begin the steps again at `until`."""
    drop_waiting(due, at=at)
    last = due.steps.order_by("-series").values_list("series", flat=True).first() or 0
    steps = rules.snoozed_steps(due.kind, until=until)
    Step.objects.bulk_create(
        Step(due=due, name=name, series=last + 1, at=when) for name, when in steps.items()
    )
