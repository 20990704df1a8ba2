"""Writing: the draft that saves itself, and the versions made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Channel, Draft, DraftAuthor, Incident, Statement, Version
from incidents.models import statement as events
from incidents.signoff import actions as signoff
from incidents.signoff import queries as rounds
from incidents.statements import prepared, reduced, rules, versions
from incidents.statements.actions import signing, together
from incidents.statements.moves import NotFromHere, about, facts, locked, next_status
from incidents.timeline.actions import record
from teams.models import Audience, User


class Conflict(Refused):
    """The draft was changed meanwhile, by someone else or in another window: both are shown."""

    def __init__(self, draft: Draft, *, by: User | None = None) -> None:
        self.draft = draft
        self.is_own = by is not None and by.pk == draft.edited_by_id
        who = _("You, in another window,") if self.is_own else draft.edited_by.name
        super().__init__(
            _(
                "%(name)s changed this text while you were writing. Nothing of yours is lost:"
                " both texts are shown, put together what belongs together and save again."
            )
            % {"name": who}
        )


@transaction.atomic
def draft_statement(
    incident: Incident,
    *,
    title: str,
    kind: str,
    audience: Audience,
    language: str,
    channels: Iterable[str],
    text: str = "",
    taken_from: Version | None = None,
    corrects: Statement | None = None,
    supersedes: Statement | None = None,
    by: User,
    at: datetime,
) -> Statement:
    """
    Begin a statement; its words belong to whoever begins it.

    `taken_from` is the version whose text it begins with: unless that was fully approved, its
    authors are authors here too. `corrects`, `supersedes`: the published one that it sets right,
    or takes the place of once it is published itself; that one stays on record.

    :raises NotFromHere: if that one is of another incident, or was never published
    """
    incident = Incident.objects.lock(incident.pk)
    _check_successor_of(incident, corrects, supersedes)
    last = incident.statements.aggregate(last=Max("number"))["last"] or 0
    statement = Statement.objects.create(
        incident=incident,
        number=last + 1,
        title=title,
        kind=kind,
        audience=audience,
        language=language,
        channels=list(channels),
        corrects=corrects,
        supersedes=supersedes,
        created_by=by,
        created_at=at,
    )
    Draft.objects.create(statement=statement, text=rules.as_typed(text), edited_by=by, edited_at=at)
    if text.strip():
        _begin_with(statement, taken_from, by=by)
    record(
        incident,
        events.DRAFTED,
        by=by,
        at=at,
        statement_kind=Statement.Kind(kind),
        audience=audience,
        corrects_statement=corrects.number if corrects else None,
        supersedes_statement=supersedes.number if supersedes else None,
        **about(statement),
    )
    return statement


def _check_successor_of(incident: Incident, *before: Statement | None) -> None:
    for one in before:
        if one is None:
            continue
        if one.incident_id != incident.pk or not one.publications.exists():
            raise NotFromHere(
                _("Only what was published in this incident is corrected or superseded.")
            )


def _begin_with(statement: Statement, taken_from: Version | None, *, by: User) -> None:
    authors = {by.pk} | (versions.unsigned_authors(taken_from) if taken_from else set())
    DraftAuthor.objects.bulk_create(
        DraftAuthor(statement=statement, user_id=user) for user in sorted(authors)
    )


@transaction.atomic
def save_draft(
    statement: Statement,
    *,
    text: str,
    channel_texts: Mapping[str, str],
    revision: int,
    by: User,
    at: datetime,
) -> Draft:
    """
    Keep what is being written. No act, no entry.

    `revision` is the one that the writer's screen began with.

    :raises Conflict: if someone else saved meanwhile and the texts differ
    :raises NotFromHere: if the statement is published or withdrawn
    """
    Incident.objects.lock(statement.incident_id)
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("statement", "edited_by")
        .get(pk=statement.pk)
    )
    next_status(draft.statement, "edit")
    text = rules.as_typed(text)
    texts = {c: rules.as_typed(t) for c, t in channel_texts.items() if t.strip()}
    if (draft.text, draft.channel_texts) == (text, texts):
        return draft
    if draft.revision != revision:
        raise Conflict(draft, by=by)
    together.keep_draft(draft, at=at)
    draft.text = text
    draft.channel_texts = texts
    draft.revision += 1
    draft.edited_by = by
    draft.edited_at = at
    draft.save()
    DraftAuthor.objects.get_or_create(statement=draft.statement, user=by)
    return draft


@transaction.atomic
def change_brief(
    statement: Statement,
    *,
    title: str,
    kind: str,
    audience: Audience,
    language: str,
    channels: Iterable[str],
    by: User,
    at: datetime,
) -> Statement:
    """
    Change what the statement is, before sign-off is asked; the next version carries it.

    What is signed says it too: whoever changes more than the title is an author.
    """
    incident, statement = locked(statement)
    if statement.status != rules.Status.DRAFT:
        raise NotFromHere(
            _("Only a draft can change its kind, audience, language or channels. It is %(status)s.")
            % {"status": statement.get_status_display()}
        )
    channels = list(channels)
    wanted = (title, kind, audience.pk, language, channels)
    had = (
        statement.title,
        statement.kind,
        statement.audience_id,
        statement.language,
        statement.channels,
    )
    if wanted == had:
        return statement
    statement.title, statement.kind, statement.audience = title, kind, audience
    statement.language, statement.channels = language, channels
    statement.save()
    if wanted[1:] != had[1:]:
        DraftAuthor.objects.get_or_create(statement=statement, user=by)
    record(
        incident,
        events.BRIEF_CHANGED,
        by=by,
        at=at,
        statement_kind=Statement.Kind(kind),
        audience=audience,
        language=language,
        channels=[Channel(c) for c in channels],
        **about(statement),
    )
    return statement


@transaction.atomic
def save_version(
    statement: Statement,
    *,
    reason: str,
    change: str = Version.Change.MATERIAL,
    by: User,
    at: datetime,
    revision: int | None = None,
    submit: bool = False,
) -> Version:
    """
    Make the draft an immutable version.

    A living round is void; where sign-off had been asked, it is asked again at once, all stages
    from the start. `change` is what the author calls it; more than a typo is material whatever
    they say (see `material`), and only a typo leaves sign-offs standing, where the policy allows.
    `revision`, if given, is the draft that was on the screen; `submit` asks for sign-off of it
    too, where that has not been asked.

    :raises NothingChanged: if the content is that of the newest version
    :raises NothingToSign: if the text is empty
    :raises Conflict: if the draft is not the one on the screen
    """
    incident, statement = locked(statement)
    status = next_status(statement, "save")
    draft = Draft.objects.select_related("edited_by").get(pk=statement.pk)
    draft.statement = statement
    if revision is not None and draft.revision != revision:
        raise Conflict(draft, by=by)
    newest: Version | None = statement.versions.order_by("-number").first()
    asks = submit and statement.status == rules.Status.DRAFT
    if asks and newest is not None and versions.is_saved(draft, newest):
        signing.submit_statement(statement, by=by, at=at)
        return newest
    version = _build(statement, draft, newest, reason=reason, change=change, by=by, at=at)
    living = rounds.living_round(statement.pk)
    if change == Version.Change.TYPO and not versions.is_typo(version, newest):
        version.change = Version.Change.MATERIAL
    version.save()
    versions.carry_authors(version, newest, living, by=by)
    record(
        incident,
        events.VERSION_SAVED,
        by=by,
        at=at,
        reason=version.reason,
        change=Version.Change(version.change),
        said=Version.Change(change),
        fingerprint=version.fingerprint,
        **facts(version),
    )
    if living is not None:
        stands = versions.standing(version, living)
        signoff.void_round(living, by=by, at=at)
        statement.status = status
        statement.save(update_fields=["status"])
        prepared.check_filled(version)
        source = reduced.source_of(version)
        signoff.open_round(version, source=source, standing=stands, by=by, at=at)
    elif asks:
        signing.submit_statement(statement, by=by, at=at)
    return version


def _build(statement: Statement, draft: Draft, newest: Version | None, **told: Any) -> Version:
    version = versions.build(statement, draft, newest, **told)
    began, texts = statement.prepared_from, version.channel_texts
    version.values = prepared.values_in(began, version.text, texts, version.values)
    return version


@transaction.atomic
def go_back_to(statement: Statement, *, version: Version, by: User, at: datetime) -> Draft:
    """
    Put an older text into the draft. Revives no sign-off; its authors are authors again.

    The words that the draft held are not lost: they must be in a version first.

    :raises NotFromHere: if the draft holds words that are in no version yet
    """
    _incident, statement = locked(statement)
    next_status(statement, "edit")
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    newest = statement.versions.order_by("-number").first()
    if newest is not None and not versions.is_saved(draft, newest):
        raise NotFromHere(
            _(
                "The draft holds words that are in no version yet. Save them as a version first,"
                " then go back."
            )
        )
    together.keep_draft(draft, at=at)
    # A draft keeps the own words of channels only: the same words typed again are no change.
    own = {channel: words for channel, words in version.channel_texts.items() if words}
    draft.text, draft.channel_texts = version.text, own
    draft.attachments, draft.values = list(version.attachments), dict(version.values)
    draft.revision += 1
    draft.edited_by, draft.edited_at = by, at
    draft.save()
    for user in {by.pk, *version.authors.values_list("user", flat=True)}:
        DraftAuthor.objects.get_or_create(statement=statement, user_id=user)
    return draft
