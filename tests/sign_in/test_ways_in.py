"""From the link to the page behind it: by one e-mailed code, and past everyone who guesses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils.translation import gettext, override

from incidents.models import Decision, Statement
from teams.models import User
from tests.conftest import PASSWORD
from tests.sign_in.hands import (
    ask_for_code,
    code_in,
    seen,
    url,
)

pytestmark = pytest.mark.django_db


def test_one_mailed_code_leads_to_the_decision_page(
    waiting: Statement, karim: User, mailoutbox: Any
) -> None:
    client, page = Client(), url("statement-decide", waiting)
    way_in = client.get(page)
    assert way_in.headers["Location"].startswith("/accounts/login/?next=")
    asked = ask_for_code(client, karim.email, page)
    assert asked.status_code == 200
    (mail,) = mailoutbox
    assert mail.to == [karim.email]
    assert waiting.incident.title not in mail.subject + mail.body
    assert waiting.incident.reference not in mail.subject + mail.body
    code = code_in(mail)
    assert code not in mail.subject, "A subject stands on a locked screen."
    spoken = f"{code[:3]} {code[3:]}"
    entered = client.post("/accounts/login/code/confirm/", {"code": spoken, "next": page})
    assert entered.headers["Location"] == page
    assert client.get(page).status_code == 200
    client.post(url("statement-approve", waiting), seen(waiting))
    assert Decision.objects.get().signer == karim, "One proof is enough."


def test_the_field_of_the_code_suits_a_telephone(claire: User) -> None:
    html = ask_for_code(Client(), claire.email).content.decode()
    field = re.search(r"<input[^>]*name=\"code\"[^>]*>", html)
    assert field
    assert 'inputmode="numeric"' in field.group()
    assert 'autocomplete="one-time-code"' in field.group()


def test_the_mail_speaks_the_language_of_its_reader(karim: User, mailoutbox: Any) -> None:
    client: Any = Client(headers={"accept-language": "en"})
    with override("fr"):
        expected = gettext("Your code, to enter on the page that asked for it:")
    ask_for_code(client, karim.email)
    assert expected in mailoutbox[0].body


def test_an_unknown_address_learns_nothing(claire: User, mailoutbox: Any) -> None:
    pages = []
    for email in (claire.email, "nobody@desk.test"):
        client = Client()
        asked = ask_for_code(client, email)
        wrong = client.post("/accounts/login/code/confirm/", {"code": "12345x"})
        html = (asked.content + wrong.content).decode().replace(email, "")
        changing = r'(csrfmiddlewaretoken" value=|X-CSRFToken": |server-now" content=)"[^"]*"'
        pages.append(re.sub(changing, "", html))
    assert pages[0] == pages[1]
    assert [mail.to for mail in mailoutbox] == [[claire.email]]


def test_whoever_may_not_sign_in_gets_no_code(claire: User, mailoutbox: Any) -> None:
    User.objects.filter(pk=claire.pk).update(is_active=False)
    ask_for_code(Client(), claire.email)
    assert mailoutbox == []


def test_an_address_that_somebody_had_opens_nothing(claire: User, mailoutbox: Any) -> None:
    EmailAddress.objects.create(user=claire, email="old@desk.test", verified=True, primary=True)
    ask_for_code(Client(), "old@desk.test")
    Client().post("/accounts/password/reset/", {"email": "old@desk.test"})
    assert mailoutbox == []


def test_a_code_serves_three_tries_and_ten_minutes(claire: User, mailoutbox: Any) -> None:
    client = Client()
    ask_for_code(client, claire.email, "/teams/")
    for _try in range(2):
        assert client.post("/accounts/login/code/confirm/", {"code": "1"}).status_code == 200
    last = client.post("/accounts/login/code/confirm/", {"code": "1", "next": "/teams/"})
    assert last.headers["Location"] == "/accounts/login/code/?next=%2Fteams%2F"
    sent = {"code": code_in(mailoutbox[0])}
    assert client.post("/accounts/login/code/confirm/", sent).status_code == 302
    assert "_auth_user_id" not in client.session

    ask_for_code(client, claire.email)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 601
    session.save()
    client.post("/accounts/login/code/confirm/", {"code": code_in(mailoutbox[1])})
    assert "_auth_user_id" not in client.session


def test_a_code_works_only_in_the_browser_that_asked(claire: User, mailoutbox: Any) -> None:
    ask_for_code(Client(), claire.email)
    elsewhere = Client()
    elsewhere.post("/accounts/login/code/confirm/", {"code": code_in(mailoutbox[0])})
    assert "_auth_user_id" not in elsewhere.session


def test_the_link_is_not_lost_while_a_code_is_on_its_way(
    waiting: Statement, karim: User, mailoutbox: Any
) -> None:
    """The link is opened again, from the mail, while the page of the code stands open."""
    client: Any = Client()
    page = url("statement-decide", waiting)
    ask_for_code(client, karim.email)
    again = client.get(page, follow=True)
    assert again.redirect_chain[-1][0].startswith("/accounts/login/code/confirm/?next=")
    sent = {"code": code_in(mailoutbox[0]), "next": again.context["redirect_field_value"]}
    assert client.post("/accounts/login/code/confirm/", sent).url == page


def test_who_asked_for_a_code_may_still_take_the_password(claire: User) -> None:
    client: Any = Client()
    ask_for_code(client, "mistyped@desk.test")
    sent = {"login": claire.email, "password": PASSWORD, "next": "/teams/"}
    assert client.post("/accounts/login/", sent).url == "/teams/"


@pytest.mark.parametrize("outside", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_no_way_in_leads_outside(claire: User, mailoutbox: Any, outside: str) -> None:
    client: Any = Client()
    ask_for_code(client, claire.email, outside)
    sent = {"code": code_in(mailoutbox[0]), "next": outside}
    assert client.post("/accounts/login/code/confirm/", sent).url == "/"
    sent = {"login": claire.email, "password": PASSWORD, "next": outside}
    other: Any = Client()
    assert other.post("/accounts/login/", sent).url == "/"


def test_codes_are_asked_for_three_times_a_minute(claire: User, mailoutbox: Any) -> None:
    answers = [ask_for_code(Client(), claire.email).context["form"].errors for _n in range(4)]
    assert [bool(errors) for errors in answers] == [False, False, False, True]
    assert len(mailoutbox) == 3


def test_ten_browsers_do_not_guess_better_than_one(claire: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "request_login_code": "99/m/ip"}
    tried = []
    for _n in range(11):
        client = Client()
        ask_for_code(client, claire.email)
        tried.append(client.post("/accounts/login/code/confirm/", {"code": "1"}).status_code)
    assert tried == [200] * 10 + [429]


def test_a_mail_server_that_is_away_breaks_no_page(
    claire: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_words: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    assert ask_for_code(Client(), claire.email).status_code == 200
