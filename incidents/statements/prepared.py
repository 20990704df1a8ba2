"""
Prepared texts: signed before the crisis, used in it with nothing but their variables filled.

A team keeps them in its library, where they are statements like any other. A statement that
began with one is *untouched* while it says exactly what was signed, with values that fit: then
the reduced circuit is asked. Whoever fills the values is an author of what they make.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.db.models import Exists
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisisdesk.kit.refusals import Refused
from incidents.models import Draft, Incident, Policy, Round, Statement, Version
from incidents.statements import rules, variables
from incidents.statements.versions import files
from teams.models import Team

Source = Policy.Source

WHY: Final = {
    variables.Wrong.LINES: gettext_lazy("it takes one line."),
    variables.Wrong.LONG: gettext_lazy("it takes at most 120 characters."),
    variables.Wrong.HIDDEN: gettext_lazy("it holds characters that nobody sees."),
    variables.Wrong.SENTENCE: gettext_lazy(
        "it takes a few words of one sentence: no second sentence, no link, no formatting."
    ),
}


class VariableEmpty(Refused):
    """A variable of the prepared text is still empty: nobody signs a text with a hole."""


def source_of(version: Version) -> str:
    """Return which policies a version meets: the reduced ones only while it is untouched."""
    return Source.FROM_PREPARED if is_untouched(version) else Source.ORDINARY


def is_untouched(version: Version) -> bool:
    """
    Tell whether a version is a good prepared text with nothing but its variables filled.

    Good: fully approved, the newest version of its statement, not withdrawn, of the same team.
    Untouched: same kind, language and audience, no channel that it was not signed for, the same
    attachments, and on each channel exactly the fixed text with the values.
    """
    began = version.statement.prepared_from
    return (
        began is not None
        and is_good(began, version.statement.incident.team_id)
        and fits(began, version)
    )


def is_good(prepared: Version, team: int) -> bool:
    """Tell whether a prepared text may be used now: signed, the newest, not withdrawn."""
    newer = Version.objects.filter(statement=prepared.statement_id, number__gt=prepared.number)
    signed = Round.objects.filter(version=prepared, outcome=Round.Outcome.APPROVED)
    return Version.objects.filter(
        ~Exists(newer),
        Exists(signed),
        pk=prepared.pk,
        statement__status=Statement.Status.GOOD,
        statement__incident__team=team,
        statement__incident__is_library=True,
    ).exists()


def fits(prepared: Version, version: Version) -> bool:
    """Tell whether a version says exactly what the prepared text says with these values. Pure."""
    same = all(
        getattr(prepared, name) == getattr(version, name)
        for name in ("kind", "language", "audience")
    )
    channels = version.channel_texts.keys()
    if not same or not channels or not channels <= prepared.channel_texts.keys():
        return False
    if files(prepared.attachments) != files(version.attachments):
        return False
    return variables.fixed_text_untouched(prepared.text, version.values, version.text) and all(
        variables.fixed_text_untouched(
            rules.text_for(prepared.text, prepared.channel_texts, channel),
            version.values,
            rules.text_for(version.text, version.channel_texts, channel),
        )
        for channel in channels
    )


def values_in(
    began: Version | None, text: str, channel_texts: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """
    Return the values that a text which `began` so holds: what was typed over its variables counts.

    Those that were `given`, where they say what stands there, or where more was changed.
    """
    if began is None:
        return dict(given)
    found: dict[str, str] = {}
    for fixed, words in texts(began, text, channel_texts):
        if rules.normalise(words) == rules.normalise(variables.fill(fixed, given)):
            here = {name: given[name] for name in variables.names(fixed) if name in given}
        else:
            read = variables.read_back(fixed, words)
            if read is None or any(map(variables.check_value, read.values())):
                return dict(given)
            here = read
        if any(found.get(name, value) != value for name, value in here.items()):
            return dict(given)
        found |= here
    return found


def held(statement: Statement, draft: Draft) -> dict[str, str]:
    """Return the values that stand in a draft, filled in on their page or typed into the text."""
    own = {c: draft.channel_texts.get(c, "") for c in statement.channels}
    return values_in(statement.prepared_from, draft.text, own, draft.values)


def stands(
    began: Version, text: str, channel_texts: Mapping[str, str], values: Mapping[str, str]
) -> bool:
    """Tell whether the fixed text stands as it was signed; variables may still be empty."""
    return all(
        rules.normalise(words) == rules.normalise(variables.fill(fixed, values))
        for fixed, words in texts(began, text, channel_texts)
    )


def texts(began: Version, text: str, channel_texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give what was signed and what stands there, of the text itself and of each channel."""
    yield began.text, text
    for channel in channel_texts.keys() & began.channel_texts.keys():
        signed = rules.text_for(began.text, began.channel_texts, channel)
        yield signed, rules.text_for(text, channel_texts, channel)


def holes(statement: Statement, text: str, channel_texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables of its prepared text that still stand in a statement, unfilled."""
    began = statement.prepared_from
    if began is None:
        return ()
    asked = set(names_of(began))
    found = [name for one in (text, *channel_texts.values()) for name in variables.names(one)]
    return tuple(dict.fromkeys(name for name in found if name in asked))


def check_filled(version: Version) -> None:
    """
    Refuse a text that still holds a variable of its prepared text.

    :raises VariableEmpty: naming what is empty
    """
    empty = holes(version.statement, version.text, version.channel_texts)
    if empty:
        raise VariableEmpty(
            _(
                "Still empty: %(names)s. Fill it in, or write the passage anew; the text is kept,"
                " and no sign-off was asked."
            )
            % {"names": ", ".join(f"{{{name}}}" for name in empty)}
        )


def names_of(prepared: Version) -> tuple[str, ...]:
    """Return the variables of a prepared text and of its texts per channel, each once."""
    texts = (prepared.text, *prepared.channel_texts.values())
    return tuple(dict.fromkeys(name for text in texts for name in variables.names(text)))


def empty(prepared: Version, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables of a prepared text that have no value yet."""
    texts = (prepared.text, *prepared.channel_texts.values())
    return tuple(dict.fromkeys(name for one in texts for name in variables.empty(one, values)))


def library_of(team: Team) -> Incident | None:
    return Incident.objects.filter(team=team, is_library=True).first()


def usable(team: Team, number: int) -> Version | None:
    """Return the signed text of one statement of the team's library, if it may be used."""
    newest: Version | None = (
        Version.objects.filter(
            statement__incident__team=team,
            statement__incident__is_library=True,
            statement__number=number,
        )
        .select_related("statement__incident", "statement__audience")
        .order_by("-number")
        .first()
    )
    return newest if newest is not None and is_good(newest, team.pk) else None
