"""What is said about a text, as one reader sees it beside one version."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet

from incidents.models import Channel, Comment, Draft, Statement, Suggestion, Version
from incidents.roles.queries import active
from incidents.statements import passages, rules, versions
from incidents.statements.difference import Piece, difference
from incidents.statements.discussion_rows import (
    AnswerRow,
    DiscussionRow,
    PlaceRow,
    SuggestionRow,
    ThreadRow,
)
from teams.models import User


def discussion(
    statement: Statement,
    shown: Version | None,
    newest: Version | None,
    *,
    user: User,
    rights: Collection[str],
) -> DiscussionRow | None:
    """
    Return what is said about a statement, beside the version that is shown.

    Nothing for whoever does not see the incident: an external approver reads no comments.
    """
    if "view_incident" not in rights:
        return None
    draft = Draft.objects.get(pk=statement.pk)
    comments, suggestions = list(_comments(statement)), list(_suggestions(statement))
    roles = _roles(
        statement, {c.made_by_id for c in comments} | {s.made_by_id for s in suggestions}
    )
    was = _spoken_of([*comments, *suggestions], shown)
    if shown is not None:
        was[shown.pk] = shown
    threads = list(_threads(comments, shown, was, roles))
    rows = [_suggestion(one, shown, was, draft, user, roles) for one in suggestions]
    edits = rules.next_status(statement.status, "edit") is not None
    saved = newest is not None and versions.is_saved(draft, newest)
    return DiscussionRow(
        version=shown.number if shown else 0,
        suggestions=tuple(row for row in rows if row.is_open),
        threads=tuple(row for row in threads if row.resolved_at is None),
        resolved=tuple(row for row in threads if row.resolved_at is not None),
        settled=tuple(row for row in rows if not row.is_open),
        channels=own_texts(shown),
        may_comment="comment" in rights,
        may_suggest="comment" in rights and edits and shown is not None,
        may_adopt="draft_statement" in rights and edits,
        saves_as=newest.number + 1 if newest is not None and saved else 0,
        voids=statement.status in (Statement.Status.IN_SIGNOFF, Statement.Status.GOOD),
    )


def own_texts(shown: Version | None) -> tuple[tuple[str, str], ...]:
    own = shown.channel_texts if shown else {}
    return tuple((c, str(Channel(c).label)) for c in rules.in_order(own) if own[c])


def _comments(statement: Statement) -> QuerySet[Comment]:
    found: QuerySet[Comment] = (
        Comment.objects.filter(statement=statement)
        .select_related("made_by", "resolved_by")
        .annotate(number=F("version__number"))
        .order_by("pk")
    )
    return found


def _roles(statement: Statement, people: Collection[int]) -> dict[int, str]:
    """Return what people are in the incident, by their key: the first of their roles."""
    if not people:
        return {}
    seated = active(statement.incident).filter(user__in=people).order_by("-role__order")
    return {one.user_id: one.role.name for one in seated}


def _threads(
    comments: Sequence[Any],
    shown: Version | None,
    was: Mapping[int, Version],
    roles: Mapping[int, str],
) -> Iterator[ThreadRow]:
    answers: dict[int, list[AnswerRow]] = {}
    for one in comments:
        if one.parent_id:
            row = AnswerRow(one.made_by.name, roles.get(one.made_by_id, ""), one.made_at, one.text)
            answers.setdefault(one.parent_id, []).append(row)
    for one in comments:
        if one.parent_id:
            continue
        yield ThreadRow(
            pk=one.pk,
            name=one.made_by.name,
            role=roles.get(one.made_by_id, ""),
            at=one.made_at,
            text=one.text,
            version=one.number or 0,
            place=_place(one, shown, was),
            answers=tuple(answers.get(one.pk, ())),
            resolved_by=one.resolved_by.name if one.resolved_by else "",
            resolved_at=one.resolved_at,
        )


def _suggestions(statement: Statement) -> QuerySet[Suggestion]:
    found: QuerySet[Suggestion] = (
        Suggestion.objects.filter(statement=statement)
        .select_related("made_by", "settled_by")
        .annotate(number=F("version__number"))
        .order_by("pk")
    )
    return found


def _suggestion(
    one: Any,
    shown: Version | None,
    was: Mapping[int, Version],
    draft: Draft,
    user: User,
    roles: Mapping[int, str],
) -> SuggestionRow:
    place = _place(one, shown, was)
    quote = passages.quoted(one.anchor)
    before = _text(was.get(one.version_id), one.channel)
    is_open = _is_open(one)
    return SuggestionRow(
        pk=one.pk,
        name=one.made_by.name,
        role=roles.get(one.made_by_id, ""),
        at=one.made_at,
        version=one.number,
        place=place or PlaceRow(quote, ""),
        wording=one.wording,
        why=one.why,
        pieces=_read_in(one.anchor, difference(quote, one.wording).pieces),
        state=one.state,
        state_words=one.get_state_display(),
        settled_by=one.settled_by.name if one.settled_by else "",
        settled_at=one.settled_at,
        settled_words=one.settled_words,
        fits=is_open
        and passages.standing(one.anchor, words_of(draft, one.channel), was=before) is not None,
        is_mine=one.made_by_id == user.pk,
    )


def _read_in(anchor: Mapping[str, Any], pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    before, after = passages.around(anchor)
    left = (("=", f"… {before}"),) if before else ()
    right = (("=", f"{after} …"),) if after else ()
    return (*left, *pieces, *right)


def words_of(draft: Draft, channel: str) -> str:
    """Return the text that a suggestion changes: the draft's, or the own one of a channel."""
    return str(draft.channel_texts.get(channel, "")) if channel else draft.text


def _place(one: Any, shown: Version | None, was: Mapping[int, Version]) -> PlaceRow | None:
    """Work out where the passage of a comment or suggestion stands in the shown version."""
    if one.anchor is None:
        return None
    words = str(Channel(one.channel).label) if one.channel else ""
    quote = passages.quoted(one.anchor)
    text = _text(shown, one.channel)
    before = was.get(one.version_id) if _is_open(one) else None
    found = passages.follow(one.anchor, text, was=_text(before, one.channel) if before else None)
    if found is None:
        return PlaceRow(quote, words)
    there = text[found.start : found.end]
    return PlaceRow(quote, words, words=there, nth=text.count(there, 0, found.start))


def _is_open(one: Any) -> bool:
    if isinstance(one, Suggestion):
        return one.state == Suggestion.State.OPEN
    return one.resolved_at is None


def _text(version: Version | None, channel: str) -> str:
    """Return a version's text, or the own one of a channel; empty where it has none."""
    if version is None:
        return ""
    return str(version.channel_texts.get(channel, "")) if channel else version.text


def _spoken_of(said: Sequence[Any], shown: Version | None) -> dict[int, Version]:
    """
    Fetch the older texts that something open was said about, to follow it from there.

    What is resolved or settled is only looked for in the shown text: it waits for nobody.
    """
    wanted = {
        one.version_id
        for one in said
        if one.anchor and _is_open(one) and (shown is None or one.version_id != shown.pk)
    }
    return Version.objects.in_bulk(wanted) if wanted else {}


def suggestion(statement: Statement, pk: int) -> Suggestion | None:
    return (
        Suggestion.objects.filter(statement=statement, pk=pk)
        .select_related("made_by", "settled_by", "version", "statement")
        .first()
    )
