"""Simultaneous acts: one winner each time, the loser told why, no word lost. Real threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from crisisdesk.kit.refusals import Refused
from incidents.models import (
    Decision,
    KeptDraft,
    Publication,
    Release,
    Round,
    Statement,
    Version,
)
from incidents.signoff import actions as signoff
from incidents.statements import actions
from incidents.statements.actions.suggesting import adopt_suggestion, suggest_wording
from incidents.statements.actions.writing import Conflict
from incidents.statements.moves import NotFromHere
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, kinds
from tests.incidents.signoff.test_releases import agree, release

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs real row locks"),
]


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment in threads of their own; a refusal is an answer."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait(20)
            return call()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def refusals(answers: list[Any]) -> list[Refused]:
    return [one for one in answers if isinstance(one, Refused)]


def save(statement: Statement, text: str, by: User, at: datetime, revision: int) -> Version:
    actions.save_draft(statement, text=text, channel_texts={}, revision=revision, by=by, at=at)
    return actions.save_version(statement, reason="", by=by, at=at)


@pytest.mark.parametrize("_run", range(3))
def test_an_approval_against_an_edit_signs_the_text_that_was_seen_or_nothing(
    in_signoff: Statement, karim: User, ines: User, nine: datetime, _run: int
) -> None:
    answers = together(
        lambda: approve(in_signoff, karim, nine),
        lambda: save(in_signoff, WORDS + " Do not eat it.", ines, nine, 0),
    )
    assert in_signoff.versions.count() == 2
    newest = Round.objects.order_by("-pk")[0]
    assert newest.version.number == 2
    assert not newest.decisions.exists()
    for decision in Decision.objects.all():
        assert decision.version.number == 1
        assert decision.fingerprint == decision.version.fingerprint
    assert all(isinstance(r, signoff.TextChanged) for r in refusals(answers))
    assert len(refusals(answers)) + Decision.objects.count() == 1


def test_two_clicks_of_one_person_are_one_decision(
    in_signoff: Statement, karim: User, nine: datetime
) -> None:
    answers = together(*[lambda: approve(in_signoff, karim, nine)] * 3)
    assert Decision.objects.count() == 1
    assert len(refusals(answers)) == 2
    assert kinds(in_signoff.incident).count("signoff.approved") == 1


def test_the_last_two_sign_offs_at_once_complete_the_round_once(
    in_signoff: Statement, karim: User, thomas: User, helene: User, nine: datetime
) -> None:
    approve(in_signoff, karim, nine)
    answers = together(
        lambda: approve(in_signoff, thomas, nine), lambda: approve(in_signoff, helene, nine)
    )
    assert refusals(answers) == []
    in_signoff.refresh_from_db()
    assert in_signoff.status == Statement.Status.GOOD
    assert kinds(in_signoff.incident).count("signoff.completed") == 1


def test_holder_and_deputy_at_once_are_one_decision_of_one_seat(
    in_signoff: Statement, claire: User, karim: User, sophie: User, nine: datetime
) -> None:
    counsel = in_signoff.incident.assignments.get(role__slug="legal_counsel")
    counsel.deputy = sophie
    counsel.save()
    later = nine + 15 * MINUTE
    answers = together(
        lambda: approve(in_signoff, karim, later), lambda: approve(in_signoff, sophie, later)
    )
    assert len(refusals(answers)) == 1
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("first", ["either", "either one", "publication", "edit"])
def test_a_publication_against_an_edit_is_of_the_signed_text_or_refused(
    good: Statement, ines: User, claire: User, nine: datetime, first: str
) -> None:
    later, longer = nine + 5 * MINUTE, WORDS + " Do not eat it."
    browser = Client()
    browser.force_login(ines)
    address = reverse(
        "incidents:statement-save-version", args=[good.incident.reference, good.number]
    )
    form = {"revision": good.draft.revision, "text": longer, "reason": "More", "change": "material"}

    def publish() -> Any:
        return actions.record_publication(
            good, channel="x", published_at=later, by=claire, at=later
        )

    def edit() -> Any:
        return browser.post(address, form)

    if first == "publication":
        published, page = publish(), edit()
    elif first == "edit":
        page, [published] = edit(), together(publish)
    else:
        published, page = together(publish, edit)
    good.refresh_from_db()
    good.draft.refresh_from_db()
    texts = [version.text for version in good.versions.order_by("number")]
    if isinstance(published, Publication):
        assert (good.status, texts) == (Statement.Status.PUBLISHED, [WORDS])
        assert published.version == good.versions.get()
        # Too late, the editor is told so, and their words come back to them.
        assert page.status_code == 409
        assert "This statement is published" in page.content.decode()
        assert longer in page.content.decode()
    else:
        assert isinstance(published, NotFromHere)
        assert not Publication.objects.exists()
        assert page.status_code == 302
        assert (good.status, texts) == (Statement.Status.IN_SIGNOFF, [WORDS, longer])
        assert good.draft.text == longer


def test_two_publications_of_one_channel_are_one(
    good: Statement, ines: User, claire: User, nine: datetime
) -> None:
    later = nine + 5 * MINUTE
    answers = together(
        *[
            lambda by=by: actions.record_publication(
                good, channel="x", published_at=later, by=by, at=later
            )
            for by in (ines, claire)
        ]
    )
    assert Publication.objects.count() == 1
    assert len(refusals(answers)) == 1
    assert kinds(good.incident).count("statement.published") == 1


def test_two_autosaves_keep_one_text_and_show_both(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    answers = together(
        *[
            lambda by=by: actions.save_draft(
                statement, text=f"By {by.name}", channel_texts={}, revision=0, by=by, at=nine
            )
            for by in (ines, thomas)
        ]
    )
    lost = refusals(answers)
    assert len(lost) == 1
    assert isinstance(lost[0], Conflict)
    statement.draft.refresh_from_db()
    assert lost[0].draft.text == statement.draft.text


def test_two_saves_of_one_draft_are_one_version(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    answers = together(
        *[
            lambda by=by: actions.save_version(statement, reason="", by=by, at=nine)
            for by in (ines, thomas)
        ]
    )
    assert statement.versions.count() == 1
    assert len(refusals(answers)) == 1
    assert kinds(statement.incident).count("statement.version_saved") == 1


def test_words_typed_while_a_version_is_saved_keep_their_author(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    together(
        lambda: actions.save_version(statement, reason="", by=ines, at=nine),
        lambda: actions.save_draft(
            statement, text=WORDS + " More.", channel_texts={}, revision=0, by=thomas, at=nine
        ),
    )
    statement.draft.refresh_from_db()
    assert statement.draft.text == WORDS + " More."
    newest = statement.versions.order_by("-number")[0]
    if newest.text != WORDS + " More.":
        newest = actions.save_version(statement, reason="", by=ines, at=nine)
    assert newest.authors.filter(user=thomas).exists()


@pytest.mark.parametrize("_run", range(3))
def test_a_wording_adopted_against_a_save_loses_neither(
    in_signoff: Statement, ines: User, thomas: User, karim: User, nine: datetime, _run: int
) -> None:
    suggestion = suggest_wording(
        in_signoff,
        wording="looking into",
        why="",
        at_passage={"version": 1, "words": "checking"},
        by=karim,
        at=nine,
    )
    longer = WORDS + " Do not eat it."
    answers = together(
        lambda: adopt_suggestion(suggestion, by=thomas, at=nine),
        lambda: actions.save_draft(
            in_signoff, text=longer, channel_texts={}, revision=0, by=ines, at=nine
        ),
    )
    in_signoff.draft.refresh_from_db()
    lost = refusals(answers)
    if lost:
        assert [type(one) for one in lost] == [Conflict]
        assert in_signoff.draft.text == WORDS.replace("checking", "looking into")
    else:
        assert in_signoff.draft.text == longer.replace("checking", "looking into")
    assert KeptDraft.objects.filter(statement=in_signoff, text=WORDS).exists()


@pytest.mark.parametrize("_run", range(3))
def test_a_release_against_the_last_approval_is_one_way_out(
    in_signoff: Statement,
    thomas: User,
    helene: User,
    karim: User,
    claire: User,
    nine: datetime,
    _run: int,
) -> None:
    for person in (thomas, helene):
        approve(in_signoff, person, nine)
    later = nine + MINUTE
    answers = together(
        lambda: approve(in_signoff, karim, later),
        lambda: release(in_signoff, claire, later),
    )
    assert len(refusals(answers)) == 1
    round_ = Round.objects.get()
    assert (round_.outcome, round_.releases.count(), round_.decisions.count()) in {
        (Round.Outcome.APPROVED, 0, 3),
        (Round.Outcome.RELEASED, 1, 2),
    }


@pytest.mark.parametrize("_run", range(3))
def test_an_oral_agreement_against_an_approval_of_the_same_seat_takes_it_once(
    in_signoff: Statement, karim: User, claire: User, nine: datetime, _run: int
) -> None:
    answers = together(
        lambda: approve(in_signoff, karim, nine),
        lambda: agree(in_signoff, "legal_counsel", karim, claire, nine),
    )
    assert len(refusals(answers)) == 1
    assert Decision.objects.count() + Release.objects.count() == 1
