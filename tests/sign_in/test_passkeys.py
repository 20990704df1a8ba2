"""Keys to the house. What a browser does with a passkey is tried in the journeys."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from teams.models import User
from tests.sign_in.hands import (
    CONFIRM,
    ask_for_code,
    code_in,
    grow_old,
    sign_in,
)

pytestmark = pytest.mark.django_db


def test_adding_a_passkey_asks_an_old_session_first(claire: User) -> None:
    client = sign_in(claire)
    assert client.get("/accounts/passkeys/").status_code == 200
    assert client.get("/accounts/passkeys/add/").status_code == 200
    grow_old(client)
    assert client.get("/accounts/passkeys/add/").url.startswith(CONFIRM)


def test_an_old_session_gives_itself_no_first_password(claire: User) -> None:
    claire.set_unusable_password()
    claire.save()
    client: Any = Client()
    client.force_login(claire)
    sent = {"password1": "quite another word", "password2": "quite another word"}
    assert client.post("/accounts/password/set/", sent).url.startswith(CONFIRM)
    claire.refresh_from_db()
    assert not claire.has_usable_password()
    page = client.get(CONFIRM).content.decode()
    assert 'name="password"' not in page
    assert "Send me a code" in page


def test_the_passkeys_of_others_are_nobodys_business(claire: User, karim: User) -> None:
    kind = Authenticator.Type.WEBAUTHN
    theirs = Authenticator.objects.create(user=karim, type=kind, data={"name": "Phone"})
    client = sign_in(claire)
    for act in ("rename", "remove"):
        page = f"/accounts/passkeys/{theirs.pk}/{act}/"
        assert client.get(page).status_code == 404
        assert client.post(page, {"name": "Mine"}).status_code == 404
    own = sign_in(karim)
    assert "Phone" in own.get("/accounts/passkeys/").content.decode()
    own.post(f"/accounts/passkeys/{theirs.pk}/rename/", {"name": "Telephone"})
    assert "Telephone" in own.get("/accounts/passkeys/").content.decode()
    own.post(f"/accounts/passkeys/{theirs.pk}/remove/")
    assert not Authenticator.objects.exists()


def test_a_passkey_that_was_added_is_told_to_its_owner(claire: User, mailoutbox: Any) -> None:
    kind = Authenticator.Type.WEBAUTHN
    key = Authenticator.objects.create(user=claire, type=kind, data={"name": "Phone"})
    sign_in(claire).post(f"/accounts/passkeys/{key.pk}/remove/")
    (mail,) = mailoutbox
    assert mail.subject == "CrisisDesk, passkey removed"
    assert "A passkey was removed" in mail.body


def test_who_has_a_passkey_elsewhere_still_gets_in_by_code(claire: User, mailoutbox: Any) -> None:
    kind = Authenticator.Type.WEBAUTHN
    Authenticator.objects.create(user=claire, type=kind, data={"name": "At the desk"})
    client: Any = Client()
    ask_for_code(client, claire.email)
    client.post("/accounts/login/code/confirm/", {"code": code_in(mailoutbox[0])})
    assert client.session["_auth_user_id"] == str(claire.pk)
