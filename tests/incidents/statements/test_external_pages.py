"""What somebody from outside can open: their text, and no other address of the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils.timezone import now

from incidents.models import (
    ExternalApprover,
    Incident,
    Round,
    Statement,
    StatementUserPermission,
)
from incidents.roles.actions import exclude_person
from incidents.statements import actions as statements
from incidents.statements.actions import sharing
from teams.models import User
from tests.conftest import make_a_drill, member
from tests.incidents.signoff.conftest import approve, draft, write
from tests.incidents.statements.external import (
    ADDRESS,
    DAY,
    MINUTE,
    address,
    mails_to,
    sent,
    show,
    signed_in,
)

pytestmark = pytest.mark.django_db


# Their page


def test_the_page_shows_text_circuit_and_fingerprint_and_no_title(
    good: Statement, leroy: User
) -> None:
    Statement.objects.filter(pk=good.pk).update(title="The blue fragment")
    good.refresh_from_db()
    shown = signed_in(leroy).get(address("text", good)).content.decode()
    newest = good.versions.get()
    for word in (newest.text[:40], "First words", "Thomas Nguyen", newest.fingerprint):
        assert word in shown
    for word in (good.title, good.incident.title, "/incidents/", "/teams/", "/notices/"):
        assert word not in shown


def test_who_does_not_read_it_is_told_what_to_do_in_place_of_the_approval(
    good: Statement, leroy: User, claire: User
) -> None:
    approves = address("approve", good)
    assert approves in signed_in(leroy).get(address("text", good)).content.decode()
    User.objects.filter(pk=leroy.pk).update(reads=["fr"], language="en")
    shown = signed_in(leroy).get(address("text", good)).content.decode()
    assert "does not say that you read this language" in shown
    assert f"Tell {claire.name}, who asked you, that you need a reader." in shown
    assert approves not in shown
    assert address("request-changes", good) in shown
    answer = signed_in(leroy).post(approves, {**sent(good), "comment": "Fine."})
    assert answer.status_code == 409


def test_they_approve_on_the_page_and_then_have_decided(good: Statement, leroy: User) -> None:
    client = signed_in(leroy)
    answer = client.post(address("approve", good), {**sent(good), "comment": "Fine."})
    assert (answer.status_code, answer["Location"]) == (302, address("text", good))
    good.refresh_from_db()
    assert good.status == Statement.Status.GOOD
    assert "You have decided" in client.get(address("text", good)).content.decode()


@pytest.mark.parametrize(
    ("act", "outcome"), [("request-changes", "changes"), ("refuse", "refused")]
)
def test_they_send_it_back_with_a_reason(
    good: Statement, leroy: User, act: str, outcome: str
) -> None:
    client = signed_in(leroy)
    assert client.post(address(act, good), sent(good)).status_code == 409
    client.post(address(act, good), {**sent(good), "comment": "Name the lot."})
    assert Round.objects.get().outcome == outcome


def test_words_that_are_too_many_come_back_and_the_page_says_so(
    good: Statement, leroy: User
) -> None:
    long = {**sent(good), "comment": "x" * 4001}
    answer = signed_in(leroy).post(address("request-changes", good), long)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "at most 4000 characters" in page
    assert long["comment"] in page


def test_a_text_that_has_changed_is_not_signed_and_the_difference_is_shown(
    good: Statement, leroy: User, ines: User, today: datetime
) -> None:
    seen = sent(good)
    write(good, "We have been told of plastic in lot L6064.", ines, today)
    answer = signed_in(leroy).post(address("approve", good), {**seen, "comment": "Fine."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "v2" in page
    assert "<del>" in page
    assert not Round.objects.filter(decisions__signer=leroy).exists()


def test_words_of_before_they_were_shown_the_text_stay_unseen(
    staffed: Incident, claire: User, ines: User, today: datetime
) -> None:
    text = draft(staffed, ines, today - DAY)
    for words in ("About fragments.", "We are checking.", "We are checking lot L6064."):
        write(text, words, ines, today - DAY)
    leroy = show(text, claire, today - MINUTE).user
    client = signed_in(leroy)
    for base in ("", "?base=1", "?base=2"):
        page = client.get(address("text", text) + base).content.decode()
        assert "L6064" in page
        assert "fragments" not in page
        assert "<del>" not in page
    write(text, "We are checking lot L6065.", ines, today)
    assert "L6064" not in client.get(address("text", text)).content.decode()
    assert "L6064" in client.get(address("text", text) + "?base=3").content.decode()


def test_who_signed_none_reads_the_whole_and_may_compare_with_what_was_theirs_to_read(
    staffed: Incident,
    claire: User,
    ines: User,
    thomas: User,
    karim: User,
    helene: User,
    today: datetime,
) -> None:
    unsigned = "You have not signed any version of this text: read all of it."
    text = draft(staffed, ines, today - DAY)
    write(text, "About fragments.", ines, today - DAY)
    write(text, "We are checking.", ines, today - DAY)
    leroy = show(text, claire, today - MINUTE).user
    client, page = signed_in(leroy), address("text", text)
    statements.submit_statement(text, by=ines, at=today - MINUTE)
    for colleague in (thomas, karim, helene):
        approve(text, colleague, today - MINUTE)
    first = client.get(page).content.decode()
    assert unsigned in first
    assert "?base=" not in first
    write(text, "We are checking lot L6064.", ines, today)
    for colleague in (thomas, karim, helene):
        approve(text, colleague, today)
    whole = client.get(page).content.decode()
    assert unsigned in whole
    assert "<ins>" not in whole
    assert 'name="base_version" value=""' in whole
    assert f'href="{page}?base=2"' in whole
    compared = client.get(f"{page}?base=2").content.decode()
    assert unsigned not in compared
    assert "<ins>" in compared
    assert 'name="base_version" value="2"' in compared


def test_a_reader_from_outside_signs_nothing(
    in_signoff: Statement, claire: User, today: datetime
) -> None:
    reader = show(in_signoff, claire, today - MINUTE, signs=False).user
    client = signed_in(reader)
    assert client.get(address("text", in_signoff)).status_code == 200
    assert client.post(address("approve", in_signoff), sent(in_signoff)).status_code == 403


def test_after_the_end_nothing_is_there(
    good: Statement, leroy: User, claire: User, today: datetime
) -> None:
    client = signed_in(leroy)
    assert client.get(address("text", good)).status_code == 200
    sharing.end_external_approver(ExternalApprover.objects.get(), by=claire, at=today)
    assert client.get(address("text", good)).status_code == 404
    assert client.post(address("approve", good), sent(good)).status_code == 404
    assert client.get("/incidents/").status_code == 404
    shown = client.get("/", follow=True).content.decode()
    assert good.incident.reference not in shown


def test_when_its_time_has_passed_nothing_is_there(
    good: Statement, leroy: User, today: datetime
) -> None:
    StatementUserPermission.objects.update(ends_at=today - MINUTE)
    assert signed_in(leroy).get(address("text", good)).status_code == 404


def test_whoever_is_in_the_room_has_no_page_from_outside(good: Statement, claire: User) -> None:
    assert signed_in(claire).get(address("text", good)).status_code == 404


def test_the_desk_leads_to_their_texts(
    good: Statement, leroy: User, claire: User, ines: User, today: datetime
) -> None:
    client = signed_in(leroy)
    assert client.get("/", follow=True).redirect_chain[-1][0] == address("text", good)
    other = draft(good.incident, ines, today - DAY, title="A second")
    show(other, claire, today - MINUTE, signs=False)
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0] == reverse("incidents:for-signature")
    assert "A second" not in page.content.decode()
    assert page.content.decode().count("/for-signature/") >= 2


# Everywhere else


EXAMPLES: dict[str, Any] = {"slug": "verdier", "number": 1, "version": 1, "part": "lessons"}
UNNAMEABLE = {"admin:app_list", "admin:view_on_site"}
OPEN = re.compile(r"^(for-signature|profile$|language-switch$|theme-switch$|desk$)")


def patterns(among: list[Any], space: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the full name of each address, with what its path asks for."""
    for one in among:
        asked = one.pattern.converters
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            for name, more in patterns(one.url_patterns, inner):
                yield name, {**asked, **more}
        elif space and one.name and not OPEN.match(one.name):
            yield f"{space}{one.name}", asked


def addresses(incident: Incident, who: User) -> list[str]:
    """Return an address for each name of the desk, of teams and of the administration."""
    kinds_of = {"IntConverter": 1, "UUIDConverter": who.uuid}
    example = {**EXAMPLES, "reference": incident.reference}
    found = [
        reverse(
            name,
            kwargs={
                n: example.get(n, kinds_of.get(type(kind).__name__, "x"))
                for n, kind in asked.items()
            },
        )
        for name, asked in patterns(get_resolver().url_patterns)
        if name not in UNNAMEABLE
    ]
    return [*found, *(reverse(f"admin:teams_user_{act}") for act in ("changelist", "add"))]


def test_every_other_address_of_the_desk_does_not_exist(good: Statement, leroy: User) -> None:
    client = signed_in(leroy)
    every = addresses(good.incident, leroy)
    assert len(every) > 150
    opened = {}
    for url in every:
        for call in (client.get, client.post):
            answer: Any = call(url)
            if answer.status_code != 404:
                opened[url] = answer.status_code
    assert opened == {}


def test_profile_language_and_sign_out_are_theirs(good: Statement, leroy: User) -> None:
    del good
    client = signed_in(leroy)
    assert client.get(reverse("teams:profile")).status_code == 200
    assert client.get("/accounts/passkeys/").status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302


def test_a_stranger_and_a_colleague_are_not_taken_for_somebody_from_outside(
    zoe: User, claire: User, incident: Incident
) -> None:
    del incident
    assert signed_in(zoe).get("/").status_code == 200
    assert signed_in(claire).get("/").status_code == 200


def test_who_joins_the_team_later_is_a_colleague(good: Statement, leroy: User, team: Any) -> None:
    member(team, leroy)
    assert signed_in(leroy).get("/").status_code == 200
    assert signed_in(leroy).get(f"/incidents/{good.incident.reference}/").status_code == 200


def test_their_draft_files_are_not_handed_out(good: Statement, leroy: User) -> None:
    assert signed_in(leroy).get(address("file", good, "0" * 64)).status_code == 404


# The mail


# The page of the room


def test_the_room_shows_and_ends_it_on_a_page(
    good: Statement, claire: User, ines: User, today: datetime
) -> None:
    page = reverse("incidents:statement-outside", args=[good.incident.reference, good.number])
    invite = reverse("incidents:approver-invite", args=[good.incident.reference, good.number])
    client = signed_in(claire)
    given = {
        "email": ADDRESS,
        "name": "Anne Leroy",
        "language": "fr",
        "purpose": "sign",
        "ends_at": "half past never",
    }
    refused = client.post(invite, given)
    assert refused.status_code == 422
    assert ADDRESS in refused.content.decode()
    assert client.post(invite, {**given, "ends_at": "in 2 h"}).status_code == 302
    assert "Anne Leroy" in client.get(page).content.decode()
    approver = ExternalApprover.objects.get()
    assert approver.user.language == "fr"
    assert signed_in(ines).get(page).status_code == 403
    end = reverse(
        "incidents:approver-end", args=[good.incident.reference, good.number, approver.pk]
    )
    assert client.post(end).status_code == 302
    text = reverse("incidents:statement", args=[good.incident.reference, good.number])
    for shown in (client.get(page), client.get(text)):
        assert "still waits for them" in shown.content.decode()
    without = reverse(
        "incidents:approver-ask-without", args=[good.incident.reference, good.number, approver.pk]
    )
    assert client.post(without, {"reason": ""}).status_code == 422
    assert client.post(without, {"reason": "Ill."}).status_code == 302
    assert Round.objects.filter(outcome=Round.Outcome.OPEN).count() == 1


def test_a_drill_says_so(good: Statement, leroy: User) -> None:
    client = signed_in(leroy)
    assert 'class="cd-drill"' not in client.get(address("text", good)).content.decode()
    make_a_drill(good.incident)
    assert 'class="cd-drill"' in client.get(address("text", good)).content.decode()


def test_whoever_is_excluded_from_the_incident_has_no_page_from_outside(
    good: Statement, leroy: User, claire: User, today: datetime
) -> None:
    exclude_person(good.incident, leroy, reason="It is about her firm.", by=claire, at=today)
    assert signed_in(leroy).get(address("text", good)).status_code == 404
    assert mails_to(leroy, today) == []


def test_the_list_of_texts_holds_every_one_and_no_reference_of_others(
    good: Statement, leroy: User, claire: User, ines: User, today: datetime
) -> None:
    other = draft(good.incident, ines, today - DAY, title="Not for her")
    page = signed_in(leroy).get(address("text", other))
    assert page.status_code == 404
    show(other, claire, today - DAY, ends_at=today - MINUTE)
    assert signed_in(leroy).get(address("text", other)).status_code == 404


def test_what_would_not_open_is_not_offered_on_their_profile(leroy: User, claire: User) -> None:
    absence, profile = reverse("teams:absence"), reverse("teams:profile")
    assert absence not in signed_in(leroy).get(profile).content.decode()
    assert absence in signed_in(claire).get(profile).content.decode()


def test_whoever_writes_the_reason_is_told_who_from_outside_reads_it(
    good: Statement, leroy: User, ines: User, claire: User
) -> None:
    edit = reverse("incidents:statement-edit", args=[good.incident.reference, good.number])
    told = f"{leroy.name}, from outside, reads this reason beside the text"
    assert told in signed_in(ines).get(edit).content.decode()
    sharing.end_external_approver(good.externals.get(), by=claire, at=now())
    assert "from outside, reads this reason" not in signed_in(ines).get(edit).content.decode()
