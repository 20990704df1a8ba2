"""The pages and posts of statements, as a browser without script sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.models import Decision, DraftAuthor, Incident, Publication, Statement
from incidents.statements import actions
from teams.models import User
from tests.conftest import PASSWORD
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, draft, kinds, write

pytestmark = pytest.mark.django_db


def sign_in(user: User) -> Any:
    client = Client()
    assert client.login(username=user.email, password=PASSWORD)
    return client


def url(name: str, incident: Incident, *numbers: int) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference, *numbers])


def seen(statement: Statement, **more: Any) -> dict[str, Any]:
    version = statement.versions.order_by("-number")[0]
    return {"version": version.number, "fingerprint": version.fingerprint, **more}


def test_a_statement_goes_from_the_first_word_to_its_sign_off_request(
    staffed: Incident, ines: User
) -> None:
    client = sign_in(ines)
    facts = {
        "title": "Holding statement",
        "kind": "holding",
        "audience": "public",
        "language": "en",
        "channels": ["website", "x"],
    }
    assert client.get(url("statement-new", staffed)).status_code == 200
    begun = client.post(url("statement-draft", staffed), facts)
    assert begun.url == url("statement-edit", staffed, 1)
    assert client.get(begun.url).status_code == 200
    saved = client.post(
        url("statement-save-version", staffed, 1),
        {"text": WORDS, "own_x": "Short.", "revision": 0, "reason": "", "submit": "on"},
    )
    assert saved.url == url("statement", staffed, 1)
    statement = Statement.objects.get()
    assert statement.status == Statement.Status.IN_SIGNOFF
    assert statement.versions.get().channel_texts == {"website": "", "x": "Short."}
    page = client.get(saved.url).content.decode()
    assert "Your turn" not in page
    assert "words of: Ines Carvalho" in page


def test_the_signer_decides_on_the_page_behind_the_link(in_signoff: Statement, karim: User) -> None:
    karim.language = "en"
    karim.save()
    client = sign_in(karim)
    page = client.get(url("statement-decide", in_signoff.incident, 1)).content.decode()
    assert in_signoff.versions.get().fingerprint in page
    assert not Decision.objects.exists()
    done = client.post(
        url("statement-approve", in_signoff.incident, 1), seen(in_signoff, comment="Fine.")
    )
    assert done.status_code == 302
    assert Decision.objects.get().comment == "Fine."
    again = client.post(url("statement-approve", in_signoff.incident, 1), seen(in_signoff))
    assert again.status_code == 409
    assert Decision.objects.count() == 1


UNSIGNED = "You have not signed any version of this text: read all of it."


def base_in(page: str) -> set[str]:
    """Return what the forms of a page say that the difference on the screen is against."""
    return set(re.findall(r'name="base_version" value="(\d*)"', page))


@pytest.mark.parametrize("name", ["statement-decide", "statement"])
def test_who_never_signed_reads_the_whole_and_the_difference_is_one_tap_away(
    in_signoff: Statement, helene: User, ines: User, name: str
) -> None:
    User.objects.filter(pk=helene.pk).update(language="en")
    write(in_signoff, WORDS + " Do not eat it.", ines, now())
    client, address = sign_in(helene), url(name, in_signoff.incident, 1)
    whole = client.get(address).content.decode()
    assert UNSIGNED in whole
    assert "<ins>" not in whole
    assert "changed since v1." not in whole
    assert "everything is new" not in whole
    assert f'href="{address}?base=1"' in whole
    assert base_in(whole) == {""}
    compared = client.get(f"{address}?base=1").content.decode()
    assert UNSIGNED not in compared
    assert "Do not eat it.</ins>" in compared
    assert base_in(compared) == {"1"}
    client.post(url("statement-approve", in_signoff.incident, 1), seen(in_signoff, base_version=""))
    assert Decision.objects.get().base_version is None
    assert Decision.objects.get().screen["base_version"] is None


def test_who_signed_before_sees_first_what_changed_since(
    in_signoff: Statement, helene: User, ines: User
) -> None:
    User.objects.filter(pk=helene.pk).update(language="en")
    approve(in_signoff, helene, now())
    write(in_signoff, WORDS + " Do not eat it.", ines, now())
    page = sign_in(helene).get(url("statement-decide", in_signoff.incident, 1)).content.decode()
    assert UNSIGNED not in page
    assert "You approved v1" in page
    assert "1 passage changed since v1." in page
    assert base_in(page) == {"1"}


def test_a_decision_on_an_older_text_shows_what_changed_and_keeps_the_comment(
    in_signoff: Statement, karim: User, ines: User
) -> None:
    karim.language = "en"
    karim.save()
    client, before = sign_in(karim), seen(in_signoff, comment="Name the lot.")
    write(in_signoff, WORDS + " Do not eat it.", ines, now())
    refused = client.post(url("statement-request-changes", in_signoff.incident, 1), before)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "v2 exists" in page
    assert "Do not eat it." in page
    assert "<ins>" in page
    assert "Name the lot." in page
    assert not Decision.objects.exists()


def test_autosave_answers_the_revision_and_a_conflict_shows_both_texts(
    statement: Statement, ines: User, thomas: User
) -> None:
    mine, theirs = sign_in(ines), sign_in(thomas)
    path = url("statement-save-draft", statement.incident, 1)
    first = mine.post(path, {"text": "Mine", "revision": 0}, headers={"Autosave": "1"})
    assert (first.status_code, first["Draft-Revision"]) == (204, "1")
    late = theirs.post(path, {"text": "Theirs", "revision": 0}, headers={"Autosave": "1"})
    assert late.status_code == 409
    assert "Ines Carvalho changed this text" in late.content.decode()
    whole = theirs.post(path, {"text": "Theirs", "revision": 0})
    page = whole.content.decode()
    assert whole.status_code == 409
    assert "Mine" in page
    assert "Theirs" in page
    assert 'name="revision" value="1"' in page
    merged = theirs.post(path, {"text": "Mine and theirs", "revision": 1})
    assert merged.status_code == 302
    statement.draft.refresh_from_db()
    assert statement.draft.text == "Mine and theirs"


def test_a_version_without_a_change_is_refused_and_the_editor_says_so(
    in_signoff: Statement, ines: User
) -> None:
    client = sign_in(ines)
    refused = client.post(
        url("statement-save-version", in_signoff.incident, 1),
        {"text": WORDS, "revision": 0, "reason": "Again"},
    )
    assert refused.status_code == 409
    assert "Nothing has changed since v1" in refused.content.decode()
    assert "Again" in refused.content.decode()


def test_a_publication_is_recorded_with_the_difference_to_the_signed_text(
    in_signoff: Statement, ines: User, thomas: User, karim: User, helene: User
) -> None:
    long_ago = now() - timedelta(hours=1)
    for person in (thomas, karim, helene):
        approve(in_signoff, person, long_ago)
    client = sign_in(ines)
    page = client.get(url("statement-publication", in_signoff.incident, 1) + "?channel=x")
    assert page.status_code == 200
    wrong = client.post(
        url("statement-record-publication", in_signoff.incident, 1),
        {"channel": "x", "published_at": "someday", "posted_text": "Kept words"},
    )
    assert wrong.status_code == 422
    assert "Kept words" in wrong.content.decode()
    given = {
        "channel": "x",
        "published_at": "now",
        "link": "x.com/verdier/1",
        "posted_text": WORDS.replace("checking", "looking into"),
        "next_update_at": "23:59",
    }
    record = url("statement-record-publication", in_signoff.incident, 1)
    shown = client.post(record, given)
    assert shown.status_code == 422
    assert not Publication.objects.exists()
    done = client.post(record, {**given, "shown": shown.context["other"].mark})
    assert done.status_code == 302
    publication = Publication.objects.get()
    assert publication.differs
    assert in_signoff.incident.entries.filter(kind="statement.published_differently").exists()
    assert in_signoff.incident.promises.exists()
    assert "looking into" in client.get(done.url).content.decode()


def test_what_appeared_unsigned_is_recorded_and_never_called_signed(
    staffed: Incident, ines: User
) -> None:
    client = sign_in(ines)
    assert client.get(url("statement-unsigned", staffed)).status_code == 200
    done = client.post(
        url("statement-record-unsigned", staffed),
        {
            "text": "It is nothing, calm down",
            "channel": "x",
            "audience": "public",
            "published_at": "now",
        },
    )
    assert done.status_code == 302
    assert Publication.objects.get().basis == Publication.Basis.UNSIGNED
    assert "Appeared without sign-off" in client.get(done.url).content.decode()


def test_a_stranger_learns_nothing_and_a_reader_does_not_write(
    in_signoff: Statement, zoe: User, bruno: User
) -> None:
    incident = in_signoff.incident
    for name, numbers in (("statements", ()), ("statement", (1,)), ("statement-decide", (1,))):
        assert sign_in(zoe).get(url(name, incident, *numbers)).status_code == 404
        assert sign_in(bruno).get(url(name, incident, *numbers)).status_code == 200
    approve_url = url("statement-approve", incident, 1)
    assert sign_in(zoe).post(approve_url, seen(in_signoff)).status_code == 404
    assert sign_in(bruno).post(approve_url, seen(in_signoff)).status_code == 409
    assert sign_in(bruno).get(url("statement-edit", incident, 1)).status_code == 403
    assert not Decision.objects.exists()


def test_panels_and_small_answers_stand(
    in_signoff: Statement, karim: User, ines: User, nine: Any
) -> None:
    client = sign_in(ines)
    incident = in_signoff.incident
    write(in_signoff, WORDS + " Two.", ines, nine + MINUTE)
    for name, numbers in (
        ("statements-panel", ()),
        ("statement-signoff", (1,)),
        ("statement-draft-state", (1,)),
        ("statement-newer", (1,)),
    ):
        assert client.get(url(name, incident, *numbers)).status_code == 200
    newer = client.get(url("statement-newer", incident, 1) + "?seen=1").content.decode()
    assert "v2 exists" in newer
    old = client.get(url("statement", incident, 1) + "?version=1").content.decode()
    assert "An older version" in old
    back = client.post(url("statement-go-back", incident, 1), {"version": "1"})
    assert back.url == url("statement-edit", incident, 1)
    assert WORDS in client.get(back.url).content.decode()


def test_a_statement_is_withdrawn_with_its_reason(in_signoff: Statement, ines: User) -> None:
    client = sign_in(ines)
    path = url("statement-withdraw", in_signoff.incident, 1)
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "Overtaken"}).status_code == 302
    in_signoff.refresh_from_db()
    assert in_signoff.status == Statement.Status.WITHDRAWN
    assert kinds(in_signoff.incident)[-1] == "statement.withdrawn"


def test_a_correction_starts_from_the_published_words(
    good: Statement, ines: User, nine: Any
) -> None:
    actions.record_publication(
        good, channel="x", published_at=nine + MINUTE, by=ines, at=nine + MINUTE
    )
    client = sign_in(ines)
    form = client.get(url("statement-new", good.incident) + "?corrects=1").content.decode()
    assert 'name="corrects" value="1"' in form
    facts = {
        "title": "Correction",
        "kind": "correction",
        "audience": "public",
        "language": "en",
        "channels": ["x"],
        "corrects": 1,
    }
    client.post(url("statement-draft", good.incident), facts)
    assert Statement.objects.get(number=2).draft.text == WORDS
    good.refresh_from_db()
    assert good.status == Statement.Status.PUBLISHED


def test_the_brief_of_a_draft_can_change(staffed: Incident, ines: User, nine: Any) -> None:
    draft(staffed, ines, nine)
    client = sign_in(ines)
    assert client.get(url("statement-brief", staffed, 1)).status_code == 200
    facts = {
        "title": "Apology",
        "kind": "apology",
        "audience": "customers",
        "language": "fr",
        "channels": ["letter"],
    }
    client.post(url("statement-change-brief", staffed, 1), facts)
    assert Statement.objects.get().kind == "apology"
    assert kinds(staffed)[-1] == "statement.brief_changed"


def test_whoever_changes_the_brief_is_an_author_and_whoever_names_it_is_not(
    staffed: Incident, ines: User, thomas: User, nine: Any
) -> None:
    found = draft(staffed, ines, nine)
    brief: dict[str, Any] = {
        "title": "Another name",
        "kind": found.kind,
        "audience": found.audience,
        "language": found.language,
        "channels": found.channels,
    }
    actions.change_brief(found, **brief, by=thomas, at=nine)
    assert not DraftAuthor.objects.filter(statement=found, user=thomas).exists()
    actions.change_brief(found, **{**brief, "language": "fr"}, by=thomas, at=nine)
    assert DraftAuthor.objects.filter(statement=found, user=thomas).exists()
