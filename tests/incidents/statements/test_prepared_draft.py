"""Beside the editor: what a draft that began with a prepared text would ask, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from incidents.models import Evidence, Incident, Policy, Statement, Version
from incidents.statements import actions
from incidents.statements.actions import preparing, together
from incidents.statements.prepared_draft import Began, began
from teams.models import User
from tests.incidents.evidence.test_evidence import PNG
from tests.incidents.signoff.conftest import write
from tests.incidents.statements.prepared import (
    DAY,
    FILLED,
    HTMX,
    VALUES,
    holding,
    library,
    prepare,
    read,
    sign,
    submitted,
    url,
    use,
)
from tests.incidents.statements.test_views import sign_in

__all__ = ["holding", "library", "sign"]
pytestmark = pytest.mark.django_db


def beside(made: Statement, at: datetime, text: str | None = None) -> Began:
    """Type a text into the draft; return what the editor says of it."""
    made = Statement.objects.get(pk=made.pk)
    if text is not None:
        made.draft.text = text
        made.draft.save()
    found = began(made, made.draft, at=at)
    assert found is not None
    return found


def test_an_untouched_text_says_the_reduced_sign_off(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    found = beside(use(staffed, holding, ines, nine), nine)
    assert found.is_reduced
    assert not found.empty
    assert found.reduced
    assert found.full
    assert (found.reduced.needed, found.reduced.within) == (1, "10 min")
    assert found.reduced.who == "communications lead or legal counsel"
    assert found.full.needed == 3


def test_a_variable_that_is_empty_is_no_change(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine, values={"what": "a fragment"})
    found = beside(made, nine)
    assert found.is_reduced
    assert found.empty == ("product", "time")
    assert not beside(made, nine, FILLED.replace("15:00", "16:00")).empty


def test_other_words_say_what_they_cost_and_which_they_are(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    found = beside(use(staffed, holding, ines, nine), nine, FILLED.replace("We know", "We heard"))
    assert not found.is_reduced
    assert {("-", "know"), ("+", "heard")} <= set(found.pieces)
    assert found.full
    assert "executive sponsor" in found.full.who


def test_the_page_says_it_and_says_it_again_after_each_save(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine)
    client = sign_in(ines)
    page = read(client.get(url("statement-edit", staffed, made.number)))
    assert "Began with the prepared text “First holding statement”, v1" in page
    assert "reduced sign-off: 1 within 10 min (communications lead or legal counsel)" in page
    assert page.count('id="began"') == 1
    words = {"text": FILLED + " We are sorry.", "revision": 0}
    client.post(url("statement-save-draft", staffed, made.number), words, headers={"Autosave": "1"})
    state = read(client.get(url("statement-draft-state", staffed, made.number), headers=HTMX))
    assert 'id="began" aria-labelledby="began-h" hx-swap-oob="true"' in state
    assert "the full circuit will be asked: 3 sign-offs within 20 min" in state


def test_a_statement_of_ones_own_words_says_nothing_of_it(
    in_signoff: Statement, ines: User
) -> None:
    page = read(sign_in(ines).get(url("statement-edit", in_signoff.incident, 1)))
    assert 'id="began"' not in page


@pytest.fixture
def pictured(library: Incident, ines: User, nine: datetime, sign: Any) -> Version:
    """A signed text with a picture."""
    text = prepare(library, ines, nine - 30 * DAY, title="With a picture")
    picture = ContentFile(PNG, "box.png")
    together.attach_files(text, files=[picture], by=ines, at=nine - 30 * DAY)
    actions.save_version(text, reason="Picture", by=ines, at=nine - 30 * DAY)
    signed: Version = sign(text, nine - 29 * DAY)
    return signed


def test_signed_pictures_come_along_and_earn_the_reduction(
    staffed: Incident, pictured: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, pictured, ines, nine)
    round_ = submitted(made, ines, nine)
    assert round_.policy.source == Policy.Source.FROM_PREPARED
    (there,) = made.versions.get().attachments
    assert there["sha256"] == pictured.attachments[0]["sha256"]
    assert Evidence.objects.get(pk=there["evidence"]).incident_id == staffed.pk


def test_without_its_picture_the_whole_circuit_is_asked(
    staffed: Incident, pictured: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, pictured, ines, nine)
    together.remove_attachment(made, sha256=pictured.attachments[0]["sha256"], by=ines, at=nine)
    found = beside(made, nine)
    assert (found.is_reduced, found.stands) == (False, True)
    assert found.changed == ("its pictures or video",)
    assert submitted(made, ines, nine).policy.source == Policy.Source.ORDINARY


def test_a_picture_that_is_gone_from_the_storage_begins_nothing(
    staffed: Incident, pictured: Version, ines: User, nine: datetime
) -> None:
    piece = Evidence.objects.get(pk=pictured.attachments[0]["evidence"])
    default_storage.delete(str(piece.file.name))
    with pytest.raises(preparing.NotUsable):
        use(staffed, pictured, ines, nine)
    assert not staffed.statements.exists()


def test_a_picture_of_ones_own_asks_the_whole_circuit(
    staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine, values=VALUES)
    together.attach_files(made, files=[ContentFile(PNG, "box.png")], by=ines, at=nine)
    write(made, FILLED, ines, nine)
    assert not beside(made, nine).is_reduced
