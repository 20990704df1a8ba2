"""
Other wording for a passage, proposed by somebody who does not become its author.

    open --adopt--> adopted ; open --decline--> declined ; open --take back--> taken back

The words are those of whoever adopts them: whoever suggested them can still sign.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from crisisdesk.kit.refusals import Refused
from incidents.models import Draft, DraftAuthor, EventKind, Incident, Statement, Suggestion
from incidents.models import discussion as events
from incidents.statements import passages, rules, versions
from incidents.statements.actions import together, writing
from incidents.statements.difference import difference
from incidents.statements.mending import cut
from incidents.statements.moves import facts, locked, next_status
from incidents.statements.pointing import (
    NothingSaid,
    NoVersion,
    Pointed,
    anchored,
    short,
    version_of,
)
from incidents.timeline.actions import record
from teams.models import User


class Settled(Refused):
    """The suggestion was adopted, declined or taken back before."""


class NotYours(Refused):
    """Only whoever made a suggestion takes it back."""


class PlaceLost(Refused):
    """The passage is no longer in the draft as it was when the suggestion was made."""

    def __init__(self, suggestion: Suggestion) -> None:
        super().__init__(
            _(
                "The passage of this suggestion is no longer in the draft as it was. Nothing was"
                " changed: both texts are shown, put in by hand what belongs there."
            )
        )
        self.suggestion = suggestion


class OtherWords(Refused):
    """The draft holds words that a version would take along unseen."""


@transaction.atomic
def suggest_wording(
    statement: Statement,
    *,
    wording: str,
    why: str,
    at_passage: Pointed,
    by: User,
    at: datetime,
) -> Suggestion:
    """
    Propose other words for a passage of a version; no words at all: to strike it.

    :raises NotThere: if the passage is not in that version, or in several places
    :raises NothingSaid: if these are the words that stand there
    :raises NotFromHere: if the text can no longer be changed
    """
    incident, statement = locked(statement)
    next_status(statement, "edit")
    version = version_of(statement, at_passage.get("version", 0))
    if version is None:
        raise NoVersion(_("There is no version yet: write in the draft, or comment on the whole."))
    anchor, channel, quote = anchored(version, {"words": "", **at_passage}, must=True)
    wording, why = rules.as_typed(wording).strip(), rules.as_typed(why).strip()
    if wording == quote.strip():
        raise NothingSaid(_("These are the words that stand there. Nothing was suggested."))
    known = Suggestion.objects.filter(
        version=version, channel=channel, wording=wording, made_by=by, state=Suggestion.State.OPEN
    )
    for one in known:
        if one.anchor == anchor:
            return one
    made = Suggestion.objects.create(
        statement=statement,
        version=version,
        channel=channel,
        anchor=anchor,
        wording=wording,
        why=why,
        made_by=by,
        made_at=at,
    )
    kind = events.SUGGESTED if wording else events.SUGGESTED_TO_STRIKE
    _tell(incident, kind, made, text=why, wording=wording, by=by, at=at)
    return made


@transaction.atomic
def adopt_suggestion(
    suggestion: Suggestion, *, save: bool = False, reason: str = "", by: User, at: datetime
) -> Draft:
    """
    Put the wording into the draft, in place of its passage; whoever adopts it becomes an author.

    `save`: make a version of it in the same step, which is possible when the draft holds no
    other words. `reason` is why, for whoever signs that version; without one, the words that
    changed stand there.

    :raises Settled: if it is no longer open
    :raises PlaceLost: if the draft does not hold the passage as it was
    :raises OtherWords: if `save`, and the draft holds words that are in no version
    """
    incident, suggestion = _open(suggestion)
    statement = suggestion.statement
    next_status(statement, "edit")
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("edited_by")
        .get(pk=statement.pk)
    )
    newest = statement.versions.order_by("-number").first()
    if save and (newest is None or not versions.is_saved(draft, newest)):
        raise OtherWords(
            _(
                "The draft holds words of %(name)s that are in no version yet. Nothing was changed:"
                " adopt into the draft, read it, then save the version."
            )
            % {"name": draft.edited_by.name}
        )
    together.keep_draft(draft, at=at)
    _put_in(draft, suggestion)
    draft.revision += 1
    draft.edited_by, draft.edited_at = by, at
    draft.save()
    DraftAuthor.objects.get_or_create(statement=statement, user=by)
    _settle(suggestion, Suggestion.State.ADOPTED, by=by, at=at)
    kind = events.ADOPTED if suggestion.wording else events.ADOPTED_TO_STRIKE
    _tell(incident, kind, suggestion, wording=suggestion.wording, by=by, at=at)
    if save:
        # Whoever is shown the version from outside reads its reason: no name, nothing of `why`.
        said = rules.as_typed(reason).strip() or _what_changed(suggestion)
        writing.save_version(statement, reason=said, by=by, at=at)
    return draft


@transaction.atomic
def decline_suggestion(
    suggestion: Suggestion, *, reason: str = "", by: User, at: datetime
) -> Suggestion:
    """
    Leave the passage as it is, with or without a reason.

    :raises Settled: if it is no longer open
    """
    incident, suggestion = _open(suggestion)
    reason = rules.as_typed(reason).strip()
    _settle(suggestion, Suggestion.State.DECLINED, words=reason, by=by, at=at)
    _tell(incident, events.DECLINED, suggestion, text=reason, by=by, at=at)
    return suggestion


@transaction.atomic
def take_back_suggestion(suggestion: Suggestion, *, by: User, at: datetime) -> Suggestion:
    """
    Take one's own suggestion back while nobody has settled it.

    :raises NotYours: if somebody else made it
    :raises Settled: if it is no longer open
    """
    incident, suggestion = _open(suggestion)
    if suggestion.made_by_id != by.pk:
        raise NotYours(_("Only whoever made a suggestion takes it back. An author may decline it."))
    _settle(suggestion, Suggestion.State.WITHDRAWN, by=by, at=at)
    _tell(incident, events.TAKEN_BACK, suggestion, by=by, at=at)
    return suggestion


def _open(suggestion: Suggestion) -> tuple[Incident, Suggestion]:
    incident, statement = locked(suggestion.statement)
    found = Suggestion.objects.select_related("version", "made_by", "settled_by").get(
        pk=suggestion.pk
    )
    found.statement = statement
    if found.state != Suggestion.State.OPEN:
        raise Settled(
            _("%(name)s has settled this suggestion already: %(state)s. Nothing was changed.")
            % {"name": found.settled_by, "state": found.get_state_display()}
        )
    return incident, found


def _put_in(draft: Draft, suggestion: Suggestion) -> None:
    channel = suggestion.channel
    text = draft.channel_texts.get(channel, "") if channel else draft.text
    was = suggestion.version
    was_text = rules.text_for(was.text, was.channel_texts, channel)
    span = passages.standing(suggestion.anchor, text, was=was_text)
    if span is None:
        raise PlaceLost(suggestion)
    text = passages.replaced(text, span, suggestion.wording)
    if not channel:
        draft.text = text
    else:
        others = {c: t for c, t in draft.channel_texts.items() if c != channel}
        draft.channel_texts = {**others, channel: text} if text.strip() else others


def _what_changed(suggestion: Suggestion) -> str:
    """
    Return the words that were replaced and the new ones, as the reason of a version keeps them.

    There is no word of ours in it, so that readers of both languages read the same; the marks of
    quotation are those of the text. What is struck is shown by the words beside it.
    """
    was, now = passages.quoted(suggestion.anchor), suggestion.wording
    if not now:
        before, after = passages.around(suggestion.anchor)
        struck = len(before), len(before) + len(was)
        was = f"{before}{was}{after}"
        now = passages.replaced(was, struck, "")
    pieces = cut(difference(was, now).pieces)
    sides = ["".join(text for op, text in pieces if op != other) for other in "+-"]
    with override(suggestion.version.language):
        shown = [_("“%(words)s”") % {"words": short(" ".join(one.split()))} for one in sides]
    return " → ".join(shown)


def _settle(suggestion: Suggestion, state: str, *, words: str = "", by: User, at: datetime) -> None:
    suggestion.state, suggestion.settled_words = state, words
    suggestion.settled_by, suggestion.settled_at = by, at
    suggestion.save(update_fields=["state", "settled_words", "settled_by", "settled_at"])


def _tell(
    incident: Incident,
    kind: EventKind,
    suggestion: Suggestion,
    *,
    text: str = "",
    by: User,
    at: datetime,
    **more: Any,
) -> None:
    suggestion.version.statement = suggestion.statement
    record(
        incident,
        kind,
        by=by,
        at=at,
        text=text,
        quote=short(passages.quoted(suggestion.anchor)),
        person=suggestion.made_by,
        suggestion=suggestion.pk,
        **facts(suggestion.version),
        **more,
    )
