"""Prepared texts: signed before the crisis, used with nothing but their variables filled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from incidents.models import Draft, Incident, Policy, Round, Statement, Version
from incidents.signoff.actions.refused import OwnWords
from incidents.statements import actions, prepared
from incidents.statements.actions import preparing
from teams.models import Audience, Team, User
from tests.conftest import member, person
from tests.incidents.signoff.conftest import approve, kinds, write
from tests.incidents.statements.prepared import (
    DAY,
    FILLED,
    FIXED,
    VALUES,
    asked,
    holding,
    library,
    prepare,
    sign,
    submitted,
    use,
)

__all__ = ["holding", "library", "sign"]

pytestmark = pytest.mark.django_db


# Using one


def test_a_statement_begins_with_the_signed_words(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine, title="Now")
    draft = Draft.objects.get(pk=made.pk)
    assert (made.prepared_from, made.kind, made.title) == (holding, "holding", "Now")
    assert (draft.text, draft.values) == (FILLED, VALUES)
    assert kinds(staffed)[-2:] == ["statement.drafted", "statement.began_prepared"]


def test_only_the_reduced_circuit_is_asked_while_nothing_else_changes(
    staffed: Incident, holding: Version, ines: User, karim: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine)
    round_ = submitted(made, ines, nine)
    assert round_.policy.source == Policy.Source.FROM_PREPARED
    assert asked(round_) == ["communications_lead", "legal_counsel"]
    assert round_.stages.get().needed == 1
    assert made.versions.get().values == VALUES
    approve(made, karim, nine)
    made.refresh_from_db()
    assert made.status == Statement.Status.GOOD


def test_the_authors_of_the_prepared_text_may_sign_and_whoever_fills_it_in_may_not(
    staffed: Incident, library: Incident, sign: Any, thomas: User, nine: datetime, karim: User
) -> None:
    text = prepare(library, karim, nine - 3 * DAY, text="We are checking {what}.")
    actions.submit_statement(text, by=karim, at=nine - 2 * DAY)
    with pytest.raises(OwnWords):
        approve(text, karim, nine)
    sophie = member(library.team, person("Sophie Lemaire", function="legal"))
    counsel = library.assignments.get(role__slug="legal_counsel")
    counsel.deputy = sophie
    counsel.save()
    approve(text, thomas, nine - 2 * DAY)
    approve(text, sophie, nine - 2 * DAY)
    version = text.versions.get()
    made = use(staffed, version, thomas, nine, values={"what": "the report"})
    submitted(made, thomas, nine)
    with pytest.raises(OwnWords):
        approve(made, thomas, nine)
    approve(made, karim, nine)
    assert list(made.versions.get().authors.values_list("user", flat=True)) == [thomas.pk]


def edited(made: Statement, by: User, at: datetime) -> None:
    write(made, FILLED + " We are sorry.", by, at)


def own_words_on_x(made: Statement, by: User, at: datetime) -> None:
    actions.save_draft(
        made, text=FILLED, channel_texts={"x": "Checking."}, revision=0, by=by, at=at
    )
    actions.save_version(made, reason="", by=by, at=at)


def other_audience(made: Statement, by: User, at: datetime) -> None:
    actions.change_brief(
        made,
        title=made.title,
        kind=made.kind,
        audience=Audience.objects.get(slug="customers"),
        language="en",
        channels=made.channels,
        by=by,
        at=at,
    )
    actions.save_version(made, reason="", by=by, at=at)


def one_more_channel(made: Statement, by: User, at: datetime) -> None:
    actions.change_brief(
        made,
        title=made.title,
        kind=made.kind,
        audience=made.audience,
        language="en",
        channels=[*made.channels, "email"],
        by=by,
        at=at,
    )
    actions.save_version(made, reason="", by=by, at=at)


@pytest.mark.parametrize("change", [edited, own_words_on_x, other_audience, one_more_channel])
def test_any_other_change_asks_the_whole_circuit(
    change: Callable[[Statement, User, datetime], None],
    staffed: Incident,
    holding: Version,
    ines: User,
    nine: datetime,
) -> None:
    made = use(staffed, holding, ines, nine)
    change(made, ines, nine)
    round_ = actions.submit_statement(made, by=ines, at=nine)
    assert round_.policy.source == Policy.Source.ORDINARY
    assert len(asked(round_)) == 3


def test_a_value_that_is_typed_into_the_text_is_filled_in(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine, values={"what": "a fragment"})
    version = write(made, FILLED.replace("15:00", "16:00"), ines, nine)
    assert version.values == {**VALUES, "time": "16:00"}
    round_ = actions.submit_statement(made, by=ines, at=nine)
    assert round_.policy.source == Policy.Source.FROM_PREPARED
    revision = Draft.objects.get(pk=made.pk).revision
    preparing.fill_values(made, values=VALUES, revision=revision, by=ines, at=nine)
    assert Draft.objects.get(pk=made.pk).text == FILLED


@pytest.mark.parametrize("value", ["16:00. We are sorry", "16:00 (www.verdier.example)", " "])
def test_a_text_in_the_place_of_a_value_asks_the_whole_circuit(
    value: str, staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine)
    version = write(made, FILLED.replace("15:00", value), ines, nine)
    assert version.values == VALUES
    round_ = actions.submit_statement(made, by=ines, at=nine)
    assert round_.policy.source == Policy.Source.ORDINARY


def test_an_edit_in_sign_off_asks_the_whole_circuit(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine)
    submitted(made, ines, nine)
    write(made, FILLED + " We are sorry.", ines, nine)
    newest = Round.objects.filter(version__statement=made).order_by("-pk")[0]
    assert newest.policy.source == Policy.Source.ORDINARY


def test_fewer_channels_are_still_what_was_signed(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine, channels=["x"])
    assert submitted(made, ines, nine).policy.source == Policy.Source.FROM_PREPARED


def test_own_texts_of_channels_are_filled_and_signed_too(
    staffed: Incident, library: Incident, ines: User, nine: datetime, sign: Any
) -> None:
    text = prepare(library, ines, nine - DAY)
    actions.save_draft(
        text, text=FIXED, channel_texts={"x": "{product}: more at {time}."}, revision=0,
        by=ines, at=nine - DAY,
    )  # fmt: skip
    actions.save_version(text, reason="", by=ines, at=nine - DAY)
    made = use(staffed, sign(text, nine - DAY), ines, nine)
    round_ = submitted(made, ines, nine)
    assert round_.version.channel_texts["x"] == "Bella pizza: more at 15:00."
    assert round_.policy.source == Policy.Source.FROM_PREPARED


@pytest.mark.parametrize("after", ["a new version", "withdrawn"])
def test_a_text_that_is_no_longer_good_earns_no_reduction(
    after: str, staffed: Incident, holding: Version, ines: User, thomas: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine)
    if after == "withdrawn":
        preparing.withdraw_prepared(holding.statement, reason="Old.", by=thomas, at=nine)
    else:
        write(holding.statement, FIXED + " Sorry.", ines, nine)
    assert submitted(made, ines, nine).policy.source == Policy.Source.ORDINARY
    with pytest.raises(preparing.NotUsable):
        use(staffed, holding, ines, nine)


def test_another_teams_text_cannot_be_used(
    holding: Version, nine: datetime, ines: User, staffed: Incident
) -> None:
    other = Team.objects.create(slug="other", name="Other house", prefix="OH")
    Incident.objects.filter(pk=staffed.pk).update(team=other)
    staffed.refresh_from_db()
    with pytest.raises(preparing.NotUsable):
        use(staffed, holding, ines, nine)


def test_channels_it_was_not_signed_for_are_refused(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    for channels in (["email"], [], ["x", "email"]):
        with pytest.raises(preparing.NotUsable, match="signed for"):
            use(staffed, holding, ines, nine, channels=channels)
    assert not staffed.statements.exists()


# Variables


def test_an_empty_variable_keeps_the_draft_and_refuses_sign_off(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine, values={**VALUES, "time": " "})
    assert "{time}" in Draft.objects.get(pk=made.pk).text
    with pytest.raises(prepared.VariableEmpty, match=r"Still empty: \{time\}"):
        actions.save_version(made, reason="", submit=True, by=ines, at=nine)
    actions.save_version(made, reason="", by=ines, at=nine)
    with pytest.raises(prepared.VariableEmpty):
        actions.submit_statement(made, by=ines, at=nine)
    assert not Round.objects.filter(version__statement=made).exists()
    assert "{time}" in Draft.objects.get(pk=made.pk).text


def test_a_variable_typed_back_into_a_text_in_sign_off_is_refused(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine)
    submitted(made, ines, nine)
    with pytest.raises(prepared.VariableEmpty):
        write(made, FIXED, ines, nine)
    assert Draft.objects.get(pk=made.pk).text == FIXED
    assert made.versions.count() == 1
    assert Round.objects.get(version__statement=made).outcome == Round.Outcome.OPEN


@pytest.mark.parametrize("value", ["two\nlines", "x" * 121, "hidden\u200b"])
def test_a_value_that_says_more_than_a_value_is_refused(
    value: str, staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    with pytest.raises(preparing.ValueRefused, match="product: it"):
        use(staffed, holding, ines, nine, values={**VALUES, "product": value})
    assert not staffed.statements.exists()


def test_values_are_filled_anew_and_the_next_version_carries_them(
    staffed: Incident, holding: Version, ines: User, thomas: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine)
    submitted(made, ines, nine)
    preparing.fill_values(made, values={**VALUES, "time": "16:00"}, revision=0, by=thomas, at=nine)
    version = actions.save_version(made, reason="Later.", by=thomas, at=nine)
    assert version.text == FILLED.replace("15:00", "16:00")
    newest = version.rounds.get()
    assert newest.policy.source == Policy.Source.FROM_PREPARED
    assert set(version.authors.values_list("user", flat=True)) == {ines.pk, thomas.pk}


def test_values_never_overwrite_what_somebody_wrote(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine)
    write(made, FILLED + " We are sorry.", ines, nine)
    revision = Draft.objects.get(pk=made.pk).revision
    with pytest.raises(preparing.FixedTextChanged):
        preparing.fill_values(made, values={}, revision=revision, by=ines, at=nine)
    assert Draft.objects.get(pk=made.pk).text.endswith("We are sorry.")
