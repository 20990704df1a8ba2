"""What a hostile reader tried against rule 1, and what now stands in the way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from incidents.models import Incident, Policy, Publication, Release, Round, Statement
from incidents.signoff import actions as signoff
from incidents.signoff.actions.withheld import NotAllowed
from incidents.statements import actions
from incidents.statements.outside import NotSigned
from teams.models import Audience, User
from tests.incidents.signoff.conftest import MINUTE, approve, draft
from tests.incidents.signoff.test_releases import agree, release

pytestmark = pytest.mark.django_db


def brief(statement: Statement, by: User, at: datetime, **changed: Any) -> Statement:
    statement.refresh_from_db()
    names = ("title", "kind", "audience", "language", "channels")
    facts = {name: getattr(statement, name) for name in names}
    return actions.change_brief(statement, **{**facts, **changed}, by=by, at=at)


def at_severity(incident: Incident, level: int) -> None:
    Incident.objects.filter(pk=incident.pk).update(severity=level)
    incident.refresh_from_db()


@pytest.mark.parametrize(
    "changed",
    [{"kind": "apology"}, {"language": "fr"}, {"audience": "victims"}, {"channels": ["letter"]}],
)
def test_a_version_is_not_signed_as_something_that_it_was_not_made_for(
    statement: Statement, ines: User, nine: datetime, changed: dict[str, Any]
) -> None:
    actions.save_version(statement, reason="", by=ines, at=nine)
    if "audience" in changed:
        changed = {"audience": Audience.objects.get(slug=changed["audience"])}
    brief(statement, ines, nine, **changed)
    with pytest.raises(signoff.OtherFrame):
        actions.submit_statement(statement, by=ines, at=nine)
    version = actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    assert version.number == 2
    assert Round.objects.get().version == version


def test_an_apology_asks_the_circuit_of_an_apology_whatever_it_was_called_before(
    staffed: Incident, ines: User, nine: datetime
) -> None:
    at_severity(staffed, 3)
    statement = draft(staffed, ines, nine)
    actions.save_version(statement, reason="", by=ines, at=nine)
    brief(statement, ines, nine, kind="apology")
    actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    keys = [seat.key for stage in Round.objects.get().stages.all() for seat in stage.seats.all()]
    assert "executive_sponsor" in keys


def test_the_database_opens_no_round_for_another_frame(
    statement: Statement, ines: User, nine: datetime
) -> None:
    version = actions.save_version(statement, reason="", by=ines, at=nine)
    Statement.objects.filter(pk=statement.pk).update(kind="apology")
    with pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.create(
            version=version,
            policy=Policy.objects.all()[0],
            fingerprint=version.fingerprint,
            opened_by=ines,
            opened_at=nine,
        )


def test_calling_it_a_warning_to_victims_afterwards_breaks_no_glass(
    staffed: Incident, ines: User, claire: User, karim: User, nine: datetime
) -> None:
    [strictest, *_others] = Policy.objects.filter(severity=None, source="")
    Policy.objects.create(
        team=staffed.team,
        name_en="Ours",
        name_fr="La nôtre",
        stages=strictest.stages,
        allows_break_glass=False,
    )
    statement = draft(staffed, ines, nine)
    actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    with pytest.raises(NotAllowed):
        release(statement, claire, nine)
    version = statement.versions.get()
    actions.request_changes(
        statement,
        version=version.number,
        fingerprint=version.fingerprint,
        comment="Shorter",
        by=karim,
        at=nine,
    )
    brief(statement, ines, nine, audience=Audience.objects.get(slug="victims"))
    with pytest.raises(signoff.OtherFrame):
        release(statement, claire, nine)
    assert not Release.objects.exists()


@pytest.fixture
def agreed(
    in_signoff: Statement, claire: User, thomas: User, karim: User, helene: User, nine: datetime
) -> Release:
    """Two have signed, the third agreed on the telephone, and the website has it."""
    approve(in_signoff, thomas, nine)
    approve(in_signoff, karim, nine)
    made = agree(in_signoff, "executive_sponsor", helene, claire, nine)
    actions.record_publication(in_signoff, channel="website", published_at=nine, by=claire, at=nine)
    return made


def test_a_denied_agreement_opens_no_second_channel(
    agreed: Release, in_signoff: Statement, claire: User, helene: User, nine: datetime
) -> None:
    signoff.deny_agreement(agreed, words="Never", by=helene, at=nine + MINUTE)
    with pytest.raises(NotSigned):
        actions.record_publication(
            in_signoff,
            channel="x",
            published_at=nine + MINUTE,
            by=claire,
            at=nine + MINUTE,
        )
    assert Publication.objects.count() == 1


def test_a_raised_severity_asks_again_what_rests_on_agreements(
    agreed: Release, in_signoff: Statement, claire: User, nine: datetime
) -> None:
    Policy.objects.create(
        team=in_signoff.incident.team,
        name_en="Critical",
        name_fr="Critique",
        severity=1,
        stages=[
            {
                "roles": ["communications_lead", "legal_counsel", "executive_sponsor"],
                "needed": None,
            },
            {"roles": ["crisis_lead"], "needed": None},
        ],
    )
    at_severity(in_signoff.incident, 1)
    [changed] = signoff.tighten(in_signoff.incident, by=claire, at=nine + MINUTE)
    changed.refresh_from_db()
    assert changed.outcome == Round.Outcome.OPEN
    with pytest.raises(NotSigned):
        actions.record_publication(
            in_signoff, channel="x", published_at=nine + MINUTE, by=claire, at=nine + MINUTE
        )


def test_nobody_agrees_on_the_telephone_to_a_text_that_they_do_not_read(
    in_signoff: Statement, claire: User, helene: User, nine: datetime
) -> None:
    User.objects.filter(pk=helene.pk).update(reads=[], language="fr")
    helene.refresh_from_db()
    with pytest.raises(signoff.NotRead):
        agree(in_signoff, "executive_sponsor", helene, claire, nine)


@pytest.mark.parametrize("changed", ["outcome", "owed_at"])
def test_no_release_is_settled_by_somebody_else_past_the_verbs(
    agreed: Release, claire: User, nine: datetime, changed: str
) -> None:
    facts: dict[str, Any] = {"owed_at": nine + 99 * MINUTE}
    if changed == "outcome":
        facts = {"outcome": "confirmed", "settled_by": claire, "settled_at": nine}
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=agreed.pk).update(**facts)


def test_a_published_statement_does_not_become_a_draft_again(
    agreed: Release, in_signoff: Statement
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.filter(pk=in_signoff.pk).update(status="draft")
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.filter(pk=in_signoff.pk)._raw_delete(using="default")
