"""The library of a team: kept like an incident, in no list of incidents, and its pages."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.http import Http404
from django.test import Client
from django.urls import reverse

from incidents import access
from incidents.board.queries import frame
from incidents.board.queries import incidents as lists
from incidents.lifecycle.actions import NotAnAdministrator, NotInTheTeam, open_library
from incidents.models import Draft, Incident, Policy, Round, Statement, Version
from incidents.statements import actions, prepared_rows
from incidents.statements.actions.publishing import record_publication
from incidents.statements.moves import NotFromHere
from teams.models import Team, User
from tests.architecture import ROOT
from tests.conftest import NINE, member, person
from tests.incidents.signoff.conftest import kinds
from tests.incidents.statements.prepared import (
    DAY,
    HTMX,
    asked,
    holding,
    library,
    prepare,
    read,
    sign,
    url,
    use,
)

__all__ = ["holding", "library", "sign"]

pytestmark = pytest.mark.django_db


# The library


def test_an_administrator_opens_the_prepared_texts_once(
    team: Team, claire: User, thomas: User, nine: datetime
) -> None:
    samuel = member(team, person("Samuel Okoye"), is_admin=True)
    holders = {"communications_lead": thomas}
    with pytest.raises(NotAnAdministrator):
        open_library(team, holders=holders, by=claire, at=nine)
    library = open_library(team, holders=holders, by=samuel, at=nine)
    assert open_library(team, holders=holders, by=samuel, at=nine) == library
    assert (library.reference, library.title) == ("MV-TEXTS", "Prepared texts")
    assert kinds(library) == ["incident.library_opened", "role.assigned"]
    assert "draft_statement" in access.rights(thomas, library, at=nine)


def test_only_people_of_the_team_keep_its_texts(team: Team, zoe: User, nine: datetime) -> None:
    with pytest.raises(NotInTheTeam):
        open_library(team, holders={"communications_lead": zoe}, by=None, at=nine)
    with pytest.raises(NotInTheTeam, match="a communications lead at least"):
        open_library(team, holders={}, by=None, at=nine)
    assert not Incident.objects.exists()


def test_a_prepared_text_is_signed_like_a_statement(
    holding: Version, library: Incident, thomas: User, karim: User
) -> None:
    round_ = holding.rounds.get()
    assert round_.outcome == Round.Outcome.APPROVED
    assert round_.policy.source == Policy.Source.PREPARED
    assert sorted(asked(round_)) == ["communications_lead", "legal_counsel"]
    assert "signoff.completed" in kinds(library)


def test_a_prepared_text_does_not_go_out_itself(
    holding: Version, thomas: User, nine: datetime
) -> None:
    with pytest.raises(NotFromHere, match="does not go out itself"):
        record_publication(
            holding.statement, channel="website", published_at=nine, by=thomas, at=nine
        )
    assert Statement.objects.get(pk=holding.statement_id).status == Statement.Status.GOOD


def test_nobody_holds_a_right_there_that_lets_words_out(
    library: Incident, thomas: User, nine: datetime
) -> None:
    held = access.rights(thomas, library, at=nine)
    assert held
    assert not held & {
        "record_publication",
        "break_glass",
        "assess_severity",
        "change_status",
        "claim_reply",
        "decide_legal_duty",
    }


def test_a_library_is_in_no_list_of_incidents(
    library: Incident, incident: Incident, thomas: User, nine: datetime
) -> None:
    assert list(access.visible_to(thomas, at=nine)) == [incident]
    assert set(access.open_to(thomas, at=nine)) == {incident, library}
    assert lists.running(thomas, at=nine) == [incident]
    assert list(lists.found(thomas, status="all", severity="", at=nine)) == [incident]
    assert frame.frame(thomas, at=nine, unread=0).open_incidents == 1
    Incident.objects.filter(pk=library.pk).update(status=Incident.Status.CLOSED)
    assert list(lists.ended(thomas, at=nine)) == []


PLACES = ("desk", "desk-needs", "incidents", "reports")


def test_no_page_of_incidents_speaks_of_a_library(
    client: Client, library: Incident, incident: Incident, thomas: User
) -> None:
    client.force_login(thomas)
    for name in PLACES:
        assert library.reference not in read(client.get(reverse(f"incidents:{name}"))), name
    everything = reverse("incidents:incidents") + "?status=all"
    assert incident.reference in read(client.get(everything))
    assert library.reference not in read(client.get(everything))


def test_a_member_enters_and_a_stranger_does_not(
    client: Client, library: Incident, bruno: User, zoe: User, nine: datetime
) -> None:
    client.force_login(bruno)
    assert client.get(url("statements", library)).status_code == 200
    assert client.get(url("room", library))["Location"] == url("statements", library)
    client.force_login(zoe)
    assert client.get(url("statements", library)).status_code == 404
    with pytest.raises(Http404):
        access.get_incident(zoe, library.reference, at=nine)


# Where incidents are read past `access.visible_to`, and why no library turns up there.
READS = {
    "incidents/access.py": "the gate itself, which lets members into their library",
    "incidents/archive/queries.py": "one incident that was chosen",
    "incidents/board/queries/incidents.py": "rows of incidents that were chosen",
    "incidents/clocks/queries.py": "incidents that owe a promise: a library makes none",
    "incidents/lifecycle/actions.py": "the form sent twice; the library itself",
    "incidents/management/acting.py": "leaves libraries out: they are no crisis to export",
    "incidents/management/commands/verify_timeline.py": "every chain is checked, a library's too",
    "incidents/statements/prepared.py": "the library itself",
    "incidents/timeline/proof.py": "one incident that was chosen",
}
READ = re.compile(
    r"Incident\.objects\.(?!lock|write_head|create|none|get_or_create)|\bteam\.incidents\b"
)
TOLD = {"demo", "bench", "migrations"}


def test_whoever_reads_incidents_leaves_libraries_out_or_says_why() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "incidents").rglob("*.py")
        if not TOLD & set(path.parts) and READ.search(path.read_text(encoding="utf-8"))
    }
    assert found == READS.keys(), (
        "Read incidents through access.visible_to, which leaves the libraries of prepared texts"
        f" out; or say here why none turns up: {sorted(found ^ READS.keys())}"
    )


@pytest.mark.parametrize("command", ["export_incident", "export_postmortem"])
def test_no_command_takes_a_library_for_a_crisis(
    command: str, library: Incident, tmp_path: Any, capsys: Any
) -> None:
    file = {"export_postmortem": ["-o", str(tmp_path / "out.json")]}.get(command, [])
    with pytest.raises(SystemExit):
        call_command(command, library.reference, "--format", "json", *file)
    assert "There is no incident MV-TEXTS" in capsys.readouterr().err


@pytest.mark.parametrize("which", ["MV-TEXTS", "--all"])
def test_the_chain_of_a_library_is_checked_too(
    holding: Version, library: Incident, which: str, capsys: pytest.CaptureFixture[str]
) -> None:
    library.refresh_from_db()
    call_command("verify_timeline", which)
    told = capsys.readouterr().out
    assert f"MV-TEXTS: {library.last_entry_number} entries, whole" in told


def test_a_text_that_waits_is_on_the_desk_of_its_signer(
    client: Client, library: Incident, ines: User, karim: User, nine: datetime
) -> None:
    statement = prepare(library, ines, nine)
    actions.submit_statement(statement, by=ines, at=nine)
    client.force_login(karim)
    page = read(client.get(reverse("incidents:desk")))
    assert url("statement-decide", library, 1) in page
    assert f'href="{url("room", library)}"' not in page


@pytest.mark.parametrize("name", ["severity", "state", "report", "record", "facts"])
def test_what_belongs_to_a_crisis_is_not_there(
    name: str, client: Client, library: Incident, incident: Incident, thomas: User
) -> None:
    client.force_login(thomas)
    assert client.get(url(name, incident)).status_code == 200
    assert client.get(url(name, library)).status_code == 404


def test_its_pages_have_a_frame_of_their_own(
    client: Client, holding: Version, library: Incident, thomas: User
) -> None:
    client.force_login(thomas)
    for address in (
        url("statements", library),
        url("statement", library, 1),
        url("statement-new", library),
        url("roles", library),
        url("timeline", library),
    ):
        page = read(client.get(address))
        assert "Signed before the crisis; used in incidents." in page
        assert "Not assessed" not in page
        assert "Record the publication" not in page
    assert "incidents can begin with it" in read(client.get(url("statement", library, 1)))
    edit = read(client.get(url("statement-edit", library, 1)))
    assert "{time of next update}" in edit


# Pages


def test_the_way_from_the_list_to_the_sign_off(
    client: Client, staffed: Incident, holding: Version, ines: User, karim: User
) -> None:
    client.force_login(ines)
    assert "Start from a prepared text" in read(client.get(url("statements", staffed)))
    page = read(client.get(url("prepared", staffed)))
    assert "First holding statement" in page
    assert "signed 31 January 2030 by Thomas Nguyen, Karim Haddad" in page
    assert "product" in page
    page = read(client.get(url("prepared-text", staffed, 1)))
    assert '<mark class="cd-value is-empty" title="product">{product}</mark>' in page
    sent = {
        "value_0": "a fragment",
        "value_1": "Bella pizza",
        "value_2": "15:00",
        "title": "Now",
        "channels": ["website"],
    }
    answer = client.post(url("prepared-use", staffed, 1), {**sent, "submit": "1"})
    assert answer["Location"] == url("statement", staffed, 1)
    page = read(client.get(url("statement", staffed, 1)))
    assert "A prepared text, only filled in" in page
    client.force_login(karim)
    karim.language = "en"
    karim.save()
    page = read(client.get(url("statement-decide", staffed, 1)))
    assert '<mark class="cd-value" title="product">Bella pizza</mark>' in page
    assert "Everything else was signed on 31 January 2030 by Thomas Nguyen, Karim Haddad" in page


def test_the_question_fills_and_writes_nothing(
    client: Client, staffed: Incident, holding: Version, ines: User
) -> None:
    client.force_login(ines)
    for headers, whole in ((HTMX, False), ({}, True)):
        answer = client.post(
            url("prepared-fill", staffed, 1), {"value_1": "Bella pizza"}, headers=headers
        )
        page = read(answer)
        assert '<mark class="cd-value" title="product">Bella pizza</mark>' in page
        assert "Still empty: what, time" in page
        assert ("<html" in page) is whole
    assert not staffed.statements.exists()


def test_what_was_typed_is_kept_when_a_variable_is_empty(
    client: Client, staffed: Incident, holding: Version, ines: User
) -> None:
    client.force_login(ines)
    sent = {"value_1": "Bella & pizza", "title": "Now", "channels": ["x"], "submit": "1"}
    answer = client.post(url("prepared-use", staffed, 1), sent)
    assert answer.status_code == 422
    assert 'value="Bella & pizza"' in read(answer)
    assert not staffed.statements.exists()
    del sent["submit"]
    answer = client.post(url("prepared-use", staffed, 1), sent)
    assert answer["Location"] == url("statement-edit", staffed, 1)
    assert "Still empty" not in read(client.get(url("statement-values", staffed, 1)))


def test_values_are_changed_on_their_page(
    client: Client, staffed: Incident, holding: Version, ines: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine)
    client.force_login(ines)
    assert "Bella pizza" in read(client.get(url("statement-values", staffed, 1)))
    sent = {"value_0": "a splinter", "value_1": "Bella pizza", "value_2": "15:00", "revision": "0"}
    client.post(url("statement-change-values", staffed, 1), sent)
    assert Draft.objects.get(pk=made.pk).values["what"] == "a splinter"


def test_a_text_signed_over_a_year_ago_is_to_be_read_again(
    holding: Version, team: Team, nine: datetime
) -> None:
    (fresh,) = prepared_rows.good_texts(team, at=nine)
    assert not fresh.is_overdue
    (old,) = prepared_rows.good_texts(team, at=nine + 340 * DAY)
    assert old.is_overdue
    assert old.signed_by == ("Thomas Nguyen", "Karim Haddad")


def test_a_prepared_text_is_withdrawn_from_its_page(
    client: Client, holding: Version, library: Incident, thomas: User, bruno: User
) -> None:
    client.force_login(bruno)
    address = url("prepared-withdraw", library, 1)
    assert client.post(address, {"reason": "Old."}).status_code == 403
    client.force_login(thomas)
    assert client.post(address, {"reason": ""}).status_code == 409
    client.post(address, {"reason": "The product is gone."})
    assert Statement.objects.get(pk=holding.statement_id).status == Statement.Status.WITHDRAWN
    assert prepared_rows.good_texts(library.team, at=NINE) == []


def test_the_team_page_opens_the_prepared_texts_and_shows_them(
    client: Client, team: Team, thomas: User, bruno: User, zoe: User
) -> None:
    address = reverse("incidents:prepared-texts", args=[team.slug])
    opens = reverse("incidents:prepared-open", args=[team.slug])
    client.force_login(zoe)
    assert client.get(address).status_code == 404
    client.force_login(bruno)
    assert "An administrator opens them." in read(client.get(address))
    assert client.post(opens).status_code == 403
    samuel = member(team, person("Samuel Okoye"), is_admin=True)
    client.force_login(samuel)
    assert "Open the prepared texts" in read(client.get(address))
    assert client.post(opens, {"communications_lead": "nobody"}).status_code == 422
    client.post(opens, {"communications_lead": str(thomas.uuid)})
    assert Incident.objects.get(team=team).is_library
    assert "No prepared text is signed yet" in read(client.get(address))


def test_the_lists_cost_the_same_for_many_texts(
    holding: Version, library: Incident, ines: User, nine: datetime, sign: Any, count_queries: Any
) -> None:
    team = library.team
    few = count_queries(lambda: prepared_rows.good_texts(team, at=nine))
    for n in range(3):
        sign(prepare(library, ines, nine - DAY, title=f"Text {n}"), nine - DAY)
    assert count_queries(lambda: prepared_rows.good_texts(team, at=nine)) == few
    assert len(prepared_rows.good_texts(team, at=nine)) == 4
