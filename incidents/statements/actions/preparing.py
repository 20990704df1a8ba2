"""Using a prepared text: its fixed words stay, its variables are filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.evidence import actions as evidence
from incidents.models import Draft, DraftAuthor, Evidence, Incident, Statement, Version
from incidents.models import statement as events
from incidents.statements import company, prepared, rules, variables
from incidents.statements.actions import together
from incidents.statements.actions.publishing import withdraw_statement
from incidents.statements.actions.writing import Conflict, draft_statement
from incidents.statements.moves import NotFromHere, about, locked, next_status
from incidents.timeline.actions import record
from teams.models import Audience, User


class NotUsable(Refused):
    """The text is not signed, not the newest, withdrawn, or another team's."""


class ValueRefused(Refused):
    """A value is not one line of at most 120 characters that everybody can see."""


class ReasonMissing(Refused):
    """Taking a text out of use says why."""


class FixedTextChanged(Refused):
    """The words around the variables were edited: values are changed in the text itself."""


@transaction.atomic
def use_prepared(
    incident: Incident,
    *,
    text: Version,
    title: str,
    channels: Iterable[str],
    values: Mapping[str, str],
    by: User,
    at: datetime,
) -> Statement:
    """
    Begin a statement with a prepared text; a variable without a value stays visible as such.

    `channels`: some of those that the text was signed for. Its authors are not authors here:
    their words are signed. Whoever fills the values is.

    :raises NotUsable, ValueRefused: see each
    """
    incident = Incident.objects.lock(incident.pk)
    wanted = rules.in_order(channels)
    _check_usable(incident, text, wanted)
    given = _checked(text, values)
    statement = draft_statement(
        incident,
        title=title.strip() or text.statement.title,
        kind=text.kind,
        audience=Audience.objects.get(slug=text.audience),
        language=text.language,
        channels=wanted,
        text=variables.fill(text.text, given),
        taken_from=text,
        by=by,
        at=at,
    )
    statement.prepared_from = text
    statement.save(update_fields=["prepared_from"])
    draft = Draft.objects.get(statement=statement)
    draft.channel_texts = _filled_channels(text, wanted, given)
    draft.values = given
    draft.attachments = _brought_along(incident, text, by=by, at=at)
    draft.save(update_fields=["channel_texts", "values", "attachments"])
    record(
        incident,
        events.BEGAN_PREPARED,
        by=by,
        at=at,
        prepared=text.statement.title,
        version=text.number,
        fingerprint=text.fingerprint,
        **about(statement),
    )
    return statement


@transaction.atomic
def fill_values(
    statement: Statement, *, values: Mapping[str, str], revision: int, by: User, at: datetime
) -> Draft:
    """
    Fill the variables of a draft anew. No act, no entry: the next version carries them.

    `revision` is that of the draft on the screen.

    :raises FixedTextChanged: if the words around them were edited
    :raises Conflict: if someone else saved meanwhile
    :raises ValueRefused, NotFromHere: see each
    """
    _incident, statement = locked(statement)
    next_status(statement, "edit")
    began = statement.prepared_from
    if began is None:
        raise NotFromHere(_("This statement did not begin with a prepared text."))
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("edited_by")
        .get(pk=statement.pk)
    )
    given = _checked(began, values)
    had = prepared.held(statement, draft)
    if had == given:
        return draft
    if draft.revision != revision:
        raise Conflict(draft)
    _check_untouched(statement, began, draft, had)
    together.keep_draft(draft, at=at)
    draft.text = variables.fill(began.text, given)
    draft.channel_texts = _filled_channels(began, statement.channels, given)
    draft.values = given
    draft.revision += 1
    draft.edited_by, draft.edited_at = by, at
    draft.save()
    DraftAuthor.objects.get_or_create(statement=statement, user=by)
    return draft


@transaction.atomic
def withdraw_prepared(statement: Statement, *, reason: str, by: User, at: datetime) -> Statement:
    """
    Withdraw a prepared text: nobody begins with it any more. What was made of it stays.

    :raises NotFromHere: outside a library
    :raises ReasonMissing: when no reason is given
    """
    if not statement.incident.is_library:
        raise NotFromHere(_("This is not a prepared text. Nothing was changed."))
    if not reason.strip():
        raise ReasonMissing(_("Not withdrawn: say why in one sentence."))
    return withdraw_statement(statement, reason=reason, by=by, at=at)


def _brought_along(
    incident: Incident, text: Version, *, by: User, at: datetime
) -> list[dict[str, Any]]:
    """
    Make the pictures and video that were signed with a text evidence of this incident too.

    Their hashes are taken anew: a file that is no longer what was signed is not called so.
    """
    signed = Evidence.objects.in_bulk([one["evidence"] for one in text.attachments])
    try:
        files = [
            File(signed[one["evidence"]].file.open("rb"), name=one["name"])
            for one in text.attachments
        ]
    except (KeyError, OSError) as error:
        raise NotUsable(
            _(
                "A picture or video of this prepared text is no longer in the storage. Nothing was"
                " begun. Choose another text, or have this one signed anew."
            )
        ) from error
    pieces = evidence.add_all(incident, files=files, by=by, at=at) if files else []
    return company.carried(pieces)


def _check_usable(incident: Incident, text: Version, channels: list[str]) -> None:
    if incident.is_library or not prepared.is_good(text, incident.team_id):
        raise NotUsable(
            _(
                "This prepared text cannot be used: it is not signed, or not the newest any"
                " more. Nothing was begun. Choose another one."
            )
        )
    if not channels or not set(channels) <= text.channel_texts.keys():
        raise NotUsable(
            _("Choose among the channels that the prepared text was signed for. Nothing was begun.")
        )


def _checked(text: Version, values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the text's own variables, blanks at their ends and empty ones left out."""
    given = {}
    for name in prepared.names_of(text):
        value = values.get(name, "").strip()
        wrong = variables.check_value(value)
        if wrong:
            raise ValueRefused(
                _("%(name)s: %(why)s Nothing was saved.")
                % {"name": name, "why": prepared.WHY[wrong]}
            )
        if value:
            given[name] = value
    return given


def _filled_channels(
    text: Version, channels: Iterable[str], values: Mapping[str, str]
) -> dict[str, str]:
    own = {c: text.channel_texts.get(c, "") for c in channels}
    return {c: variables.fill(words, values) for c, words in own.items() if words}


def _check_untouched(
    statement: Statement, began: Version, draft: Draft, had: Mapping[str, str]
) -> None:
    """Refuse where values would overwrite what somebody wrote around them."""
    own = _filled_channels(began, statement.channels, had)
    there = {c: rules.normalise(words) for c, words in draft.channel_texts.items()}
    same = rules.normalise(draft.text) == rules.normalise(variables.fill(began.text, had))
    if not same or there != {c: rules.normalise(words) for c, words in own.items()}:
        raise FixedTextChanged(
            _(
                "The words around the variables were edited, so the values are changed in the"
                " text itself. Nothing was saved."
            )
        )
