"""An old session says who is there before it decides; no word is lost, nothing decides itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils.timezone import now

from incidents.models import Decision, Statement
from teams.models import User
from tests.conftest import PASSWORD
from tests.incidents.signoff.conftest import WORDS, write
from tests.sign_in.hands import (
    CONFIRM,
    code_in,
    confirm,
    grow_old,
    seen,
    sign_in,
    url,
)

pytestmark = pytest.mark.django_db


def test_who_has_just_signed_in_decides_without_a_second_proof(
    waiting: Statement, karim: User
) -> None:
    answer = sign_in(karim).post(url("statement-approve", waiting), seen(waiting))
    assert answer.url == url("statement", waiting)
    assert Decision.objects.get().signer == karim


@pytest.mark.parametrize(
    ("name", "dialog"),
    [
        ("statement-approve", "confirm"),
        ("statement-request-changes", "changes"),
        ("statement-refuse", "changes"),
    ],
)
def test_an_old_session_decides_nothing_and_keeps_every_word(
    waiting: Statement, karim: User, name: str, dialog: str
) -> None:
    client = sign_in(karim)
    grow_old(client)
    page = url("statement-decide", waiting)
    answer = client.post(url(name, waiting), seen(waiting, comment="Lot <L2231> first."))
    assert answer.url == f"{CONFIRM}?next={page.replace('/', '%2F')}"
    assert not Decision.objects.exists()
    back = confirm(client, page)
    assert back.url == page
    assert not Decision.objects.exists(), "Proving who one is decides nothing."
    html = client.get(page).content.decode()
    assert html.count("Lot &lt;L2231&gt; first.") == 2
    assert html.partition(f'<dialog id="{dialog}"')[2].partition(">")[0].endswith("data-open")
    assert html.count("data-open") == 1
    done = client.post(url(name, waiting), seen(waiting, comment="Lot <L2231> first."))
    assert done.url == url("statement", waiting)
    assert Decision.objects.get().comment == "Lot <L2231> first."
    assert "L2231&gt; first" not in client.get(page).content.decode().partition("<dialog")[2]


def test_reading_is_never_stopped(waiting: Statement, karim: User) -> None:
    client = sign_in(karim)
    grow_old(client, minutes=60 * 24 * 20)
    for name in ("statement-decide", "statement"):
        assert client.get(url(name, waiting)).status_code == 200


def test_a_session_of_unknown_age_is_old(waiting: Statement, karim: User, helene: User) -> None:
    client: Any = Client()
    client.force_login(karim)
    sign_in(karim)  # elsewhere: says nothing about this session
    answer = client.post(url("statement-approve", waiting), seen(waiting))
    assert answer.url.startswith(CONFIRM)
    assert not Decision.objects.exists()


def test_a_confirmation_also_grows_old(waiting: Statement, karim: User) -> None:
    client = sign_in(karim)
    grow_old(client)
    confirm(client, "/")
    grow_old(client)
    client.post(url("statement-approve", waiting), seen(waiting))
    assert not Decision.objects.exists()


def test_a_proof_from_the_future_is_none(waiting: Statement, karim: User) -> None:
    client = sign_in(karim)
    grow_old(client, minutes=-10)
    client.post(url("statement-approve", waiting), seen(waiting))
    assert not Decision.objects.exists()


def test_a_wrong_password_leaves_the_session_old(waiting: Statement, karim: User) -> None:
    client = sign_in(karim)
    grow_old(client)
    client.post(url("statement-approve", waiting), seen(waiting, comment="Mine"))
    page = url("statement-decide", waiting)
    wrong = client.post(CONFIRM, {"password": "not the word", "next": page})
    assert wrong.status_code == 200
    client.post(url("statement-approve", waiting), seen(waiting, comment="Mine"))
    assert not Decision.objects.exists()
    assert "Mine" in client.get(page).content.decode()


def test_what_changed_meanwhile_is_read_before_it_is_signed(
    waiting: Statement, karim: User, ines: User
) -> None:
    client = sign_in(karim)
    grow_old(client)
    page = url("statement-decide", waiting)
    client.post(url("statement-approve", waiting), seen(waiting, comment="As agreed"))
    write(waiting, WORDS + " Do not eat it.", ines, now())
    confirm(client, page)
    html = client.get(page).content.decode()
    assert "you were deciding on v1" in html
    assert "<ins>" in html
    assert "As agreed" in html
    assert "data-open" not in html


def test_an_old_session_without_script_gets_a_page_and_with_htmx_a_way_there(
    waiting: Statement, karim: User
) -> None:
    client = sign_in(karim)
    grow_old(client)
    answer = client.post(
        url("statement-approve", waiting), seen(waiting), headers={"HX-Request": "true"}
    )
    assert answer["HX-Redirect"].startswith(CONFIRM)
    assert not Decision.objects.exists()


# One session, two people


def test_what_one_person_typed_is_not_shown_to_the_next(
    waiting: Statement, karim: User, helene: User
) -> None:
    client = sign_in(karim)
    grow_old(client)
    client.post(url("statement-approve", waiting), seen(waiting, comment="Karim's words"))
    client.post("/accounts/logout/")
    sign_in(helene, client)
    page = client.get(url("statement-decide", waiting)).content.decode()
    assert "Karim" in page  # he signs too
    assert "Karim&#x27;s words" not in page
    assert "data-open" not in page


def test_the_proof_of_one_person_is_none_of_another(
    waiting: Statement, karim: User, helene: User
) -> None:
    """Whoever plants a session of their own proofs under another person proves nothing."""
    fresh, old = sign_in(helene), sign_in(karim)
    grow_old(old)
    planted = old.session
    for key in ("account_authentication_methods", "account_authentication_methods_user"):
        planted[key] = fresh.session[key]
    planted.save()
    old.post(url("statement-approve", waiting), seen(waiting))
    assert not Decision.objects.exists()


def test_a_confirmation_leads_nowhere_outside(waiting: Statement, karim: User) -> None:
    client = sign_in(karim)
    grow_old(client)
    for outside in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = client.post(CONFIRM, {"password": PASSWORD, "next": outside})
        assert answer.status_code == 302
        assert "evil" not in answer.url
        assert "javascript" not in answer.url


# By a code


def test_a_mailed_code_confirms_who_is_there(
    waiting: Statement, karim: User, mailoutbox: Any
) -> None:
    client = sign_in(karim)
    grow_old(client)
    page = url("statement-decide", waiting)
    client.post(url("statement-approve", waiting), seen(waiting, comment="Kept"))
    asked = client.post("/accounts/reauthenticate/code/", {"action": "send", "next": page})
    assert client.get(asked.url).status_code == 200
    sent = {"code": code_in(mailoutbox[0]), "next": page}
    assert client.post("/accounts/reauthenticate/code/", sent).url == page
    client.post(url("statement-approve", waiting), seen(waiting, comment="Kept"))
    assert Decision.objects.get().comment == "Kept"


def test_a_code_of_confirmation_serves_once_three_tries_and_one_person(
    waiting: Statement, karim: User, helene: User, mailoutbox: Any
) -> None:
    client = sign_in(karim)
    grow_old(client)
    client.post("/accounts/reauthenticate/code/", {"action": "send"})
    code = code_in(mailoutbox[0])
    for _try in range(3):
        client.post("/accounts/reauthenticate/code/", {"code": "1"})
    client.post("/accounts/reauthenticate/code/", {"code": code})
    client.post(url("statement-approve", waiting), seen(waiting))
    assert not Decision.objects.exists()

    client.post("/accounts/reauthenticate/code/", {"action": "send"})
    session, other = client.session, sign_in(helene)
    grow_old(other)
    planted = other.session
    planted["confirmation_code"] = session["confirmation_code"]
    planted.save()
    other.post("/accounts/reauthenticate/code/", {"code": code_in(mailoutbox[1])})
    other.post(url("statement-approve", waiting), seen(waiting))
    assert not Decision.objects.exists()


# The session ended meanwhile


def test_signed_out_meanwhile_one_proof_is_still_enough(waiting: Statement, karim: User) -> None:
    """The session ended while the page of confirmation stood open."""
    client: Any = Client()
    page = url("statement-decide", waiting)
    lost = client.get(CONFIRM, {"next": page})
    back = unquote(lost.url.partition("?next=")[2])
    sent = {"login": karim.email, "password": PASSWORD, "next": back}
    signed_in = client.post("/accounts/login/", sent, follow=True)
    assert signed_in.redirect_chain[-1][0] == page


@pytest.mark.parametrize(
    ("referer", "back"),
    [("http://testserver{page}", "?next={page}"), ("https://evil.example{page}", ""), ("", "")],
)
def test_a_decision_of_an_ended_session_comes_back_with_the_way_to_its_page(
    waiting: Statement, referer: str, back: str
) -> None:
    page = url("statement-decide", waiting)
    answer = Client(headers={"referer": referer.format(page=page)}).post(
        url("statement-approve", waiting), seen(waiting, comment="Typed too late")
    )
    html = answer.content.decode()
    assert answer.status_code == 401
    assert "Typed too late" in html
    way = back.format(page=page.replace("/", "%2F"))
    assert f'class="btn btn-primary" href="/accounts/login/{way}"' in html
