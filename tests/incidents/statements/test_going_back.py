"""Going back to an older text puts it into the draft as if it had been typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from incidents.models import Draft, DraftAuthor, Incident, Statement, Version
from incidents.statements import actions
from incidents.statements.actions import preparing
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, write
from tests.incidents.statements.prepared import VALUES, holding, library, sign, submitted, use

__all__ = ["holding", "library", "sign"]

pytestmark = pytest.mark.django_db


def test_who_saves_the_same_words_after_it_wrote_nothing(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    """An autosave that changes nothing takes nobody the right to sign."""
    first = write(statement, "We are checking.", ines, nine)
    write(statement, "We have checked.", ines, nine + MINUTE)
    actions.go_back_to(statement, version=first, by=ines, at=nine + 2 * MINUTE)
    before = Draft.objects.get(pk=statement.pk)
    actions.save_draft(
        statement,
        text=first.text,
        channel_texts={"website": "", "x": ""},
        revision=before.revision,
        by=thomas,
        at=nine + 3 * MINUTE,
    )
    assert Draft.objects.get(pk=statement.pk).revision == before.revision
    assert {one.user for one in DraftAuthor.objects.filter(statement=statement)} == {ines}


def test_a_prepared_text_is_filled_anew_after_it(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine)
    submitted(made, ines, nine)
    actions.go_back_to(made, version=made.versions.get(), by=ines, at=nine + MINUTE)
    given: dict[str, Any] = {**VALUES, "time": "16:00"}
    draft = preparing.fill_values(
        made,
        values=given,
        revision=Draft.objects.get(pk=made.pk).revision,
        by=ines,
        at=nine + MINUTE,
    )
    assert "We say more at 16:00." in draft.text
