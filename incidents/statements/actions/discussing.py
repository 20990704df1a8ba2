"""
Talking about a text.

    comment   open --resolve--> resolved --reopen--> open

A comment stands on a passage of one version, or on the whole; where its passage is in a later
text is worked out at reading (`statements.discussion`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Comment, Statement, Version
from incidents.models import discussion as events
from incidents.statements import rules
from incidents.statements.moves import about, facts, locked
from incidents.statements.pointing import NothingSaid, Pointed, anchored, short, version_of
from incidents.timeline.actions import record
from teams.models import User

DOUBLE_CLICK: Final = timedelta(minutes=1)


class Turned(Refused):
    """The comment is resolved already, or open."""


@transaction.atomic
def add_comment(
    statement: Statement, *, text: str, at_passage: Pointed, by: User, at: datetime
) -> Comment:
    """
    Say something about a version: about a passage, if words are given, else about the whole.

    The same words of the same person within a minute are a double click.

    :raises NothingSaid: without words
    :raises NotThere: if the passage is not in that version, or in several places
    """
    incident, statement = locked(statement)
    text = _said(text)
    version = version_of(statement, at_passage.get("version", 0))
    anchor, channel, quote = anchored(version, at_passage) if version else (None, "", "")
    made = {"statement": statement, "version": version, "channel": channel, "parent": None}
    known = _double(**made, text=text, made_by=by, anchor=anchor, at=at)
    if known is not None:
        return known
    comment = Comment.objects.create(**made, anchor=anchor, text=text, made_by=by, made_at=at)
    kind = events.COMMENTED_ON_DRAFT
    if version is not None:
        kind = events.COMMENTED_PASSAGE if anchor else events.COMMENTED
    record(
        incident,
        kind,
        by=by,
        at=at,
        text=text,
        quote=short(quote),
        comment=comment.pk,
        **_about(statement, version),
    )
    return comment


@transaction.atomic
def answer_comment(comment: Comment, *, text: str, by: User, at: datetime) -> Comment:
    """Answer in a thread; everyone who spoke in it hears of it. An answer reopens nothing."""
    incident, statement = locked(comment.statement)
    text = _said(text)
    first = comment.parent or comment
    made = {
        "statement": statement,
        "version": first.version,
        "channel": first.channel,
        "parent": first,
    }
    known = _double(**made, text=text, made_by=by, anchor=None, at=at)
    if known is not None:
        return known
    answer = Comment.objects.create(**made, text=text, made_by=by, made_at=at)
    record(
        incident,
        events.ANSWERED,
        by=by,
        at=at,
        text=text,
        comment=answer.pk,
        person=_speakers(first, but=by),
        **_about(statement, first.version),
    )
    return answer


def resolve_comment(comment: Comment, *, by: User, at: datetime) -> Comment:
    """
    Close a thread: what it asked is done, or needs nothing.

    :raises Turned: if it is resolved
    """
    return _turn(comment, resolved=True, by=by, at=at)


def reopen_comment(comment: Comment, *, by: User, at: datetime) -> Comment:
    """:raises Turned: if it is open"""
    return _turn(comment, resolved=False, by=by, at=at)


@transaction.atomic
def _turn(comment: Comment, *, resolved: bool, by: User, at: datetime) -> Comment:
    incident, statement = locked(comment.statement)
    first = Comment.objects.select_related("version", "made_by").get(
        pk=comment.parent_id or comment.pk
    )
    if (first.resolved_at is not None) == resolved:
        raise Turned(
            _("This comment is resolved already.") if resolved else _("This comment is open.")
        )
    first.resolved_by, first.resolved_at = (by, at) if resolved else (None, None)
    first.save(update_fields=["resolved_by", "resolved_at"])
    record(
        incident,
        events.RESOLVED if resolved else events.REOPENED,
        by=by,
        at=at,
        comment=short(first.text),
        person=_speakers(first, but=by),
        **_about(statement, first.version),
    )
    return first


def _said(text: str) -> str:
    text = rules.as_typed(text).strip()
    if not text:
        raise NothingSaid(_("A comment needs words. Nothing was kept."))
    return text


def _double(*, at: datetime, anchor: dict[str, Any] | None, **made: Any) -> Comment | None:
    recent = Comment.objects.filter(**made, made_at__gt=at - DOUBLE_CLICK)
    return next((one for one in recent if one.anchor == anchor), None)


def _speakers(first: Comment, *, but: User) -> list[User]:
    spoke = first.answers.values("made_by")
    found = User.objects.filter(pk__in=spoke) | User.objects.filter(pk=first.made_by_id)
    return list(found.exclude(pk=but.pk).order_by("name").distinct())


def _about(statement: Statement, version: Version | None) -> dict[str, Any]:
    if version is None:
        return about(statement)
    version.statement = statement
    return facts(version)
