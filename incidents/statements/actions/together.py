"""Writing beside others: who is at the text, what was kept of it, the files that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.evidence import actions as evidence
from incidents.models import Draft, DraftAuthor, KeptDraft, Presence, Statement
from incidents.statements import company
from incidents.statements.moves import locked, next_status
from teams.models import User

# What is kept of a draft: this many states, and everything of the last day.
KEPT: Final = 200
KEPT_FOR: Final = timedelta(hours=24)
_PRUNED_EVERY: Final = 20
SHOWN: Final = ("image/", "video/")


class NotShown(Refused):
    """A file that no statement can carry: only pictures and video are part of a text."""


def keep_draft(draft: Draft, *, at: datetime) -> None:
    """
    Keep what a draft is before its words are overwritten. Call it inside the verb.

    It is what a merge begins with, for whoever still writes on this revision, and the way back
    to lost words. What is both older than a day and far back is forgotten, now and then.
    """
    KeptDraft.objects.get_or_create(
        statement_id=draft.pk,
        revision=draft.revision,
        defaults={
            "text": draft.text,
            "channel_texts": draft.channel_texts,
            "edited_by_id": draft.edited_by_id,
            "edited_at": draft.edited_at,
        },
    )
    if draft.revision % _PRUNED_EVERY == 0:
        KeptDraft.objects.filter(
            statement_id=draft.pk,
            revision__lte=draft.revision - KEPT,
            edited_at__lt=at - KEPT_FOR,
        ).delete()


def be_present(statement: Statement, *, leaving: bool = False, by: User, at: datetime) -> bool:
    """
    Say that somebody writes here, or leaves. No act, no entry; see `company.STALE_AFTER`.

    Returns whether that is news to those who look on.
    """
    mine = Presence.objects.filter(statement=statement, user=by)
    was = mine.filter(seen_at__gt=at - company.STALE_AFTER).exists()
    if leaving:
        mine.delete()
    else:
        Presence.objects.update_or_create(statement=statement, user=by, defaults={"seen_at": at})
    return was == leaving


@transaction.atomic
def attach_files(
    statement: Statement, *, files: Sequence[File[bytes]], by: User, at: datetime
) -> Draft:
    """
    Put pictures or video into the draft: the next version is signed with them.

    Each file is evidence of the incident too. Whoever adds one is an author.

    :raises NotShown: for anything but pictures and video; then nothing is attached
    :raises NotKept: when one of the files cannot be kept
    :raises NotFromHere: if the statement is published or withdrawn
    """
    incident, statement = locked(statement)
    next_status(statement, "edit")
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    pieces = evidence.add_all(incident, files=files, by=by, at=at)
    wrong = next((p for p in pieces if not p.content_type.startswith(SHOWN)), None)
    if wrong is not None:
        raise NotShown(
            _("“%(name)s” is neither a picture nor a video. Nothing was attached.")
            % {"name": wrong.name}
        )
    there = {one["sha256"] for one in draft.attachments}
    new = {p.sha256: p for p in pieces if p.sha256 not in there}
    if new:
        return _attach(draft, [*draft.attachments, *company.carried(new.values())], by=by, at=at)
    return draft


@transaction.atomic
def remove_attachment(statement: Statement, *, sha256: str, by: User, at: datetime) -> Draft:
    """
    Take a file out of the draft. Versions and the evidence keep it.

    :raises NotFromHere: if the statement is published or withdrawn
    """
    _incident, statement = locked(statement)
    next_status(statement, "edit")
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    left = [one for one in draft.attachments if one["sha256"] != sha256]
    if len(left) == len(draft.attachments):
        return draft
    return _attach(draft, left, by=by, at=at)


def _attach(draft: Draft, carried: list[dict[str, Any]], *, by: User, at: datetime) -> Draft:
    # Another revision: nobody makes a version with a picture that was not on their screen.
    keep_draft(draft, at=at)
    draft.attachments = company.in_order(carried)
    draft.revision += 1
    draft.edited_by, draft.edited_at = by, at
    draft.save()
    DraftAuthor.objects.get_or_create(statement_id=draft.pk, user=by)
    be_present(draft.statement, by=by, at=at)
    return draft
