"""A reader is told once that a text waits for their word, whoever asks."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Statement
from incidents.statements import actions
from teams.models import User
from tests.incidents.signoff.conftest import write
from tests.incidents.statements.test_translations import MINUTE, attest, french, master, signed_in

__all__ = ["french", "master"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def unread(french: Statement, ines: User, thomas: User, nine: datetime) -> Statement:
    """Thomas is asked to sign a text in French, which he does not read."""
    thomas.reads, thomas.language = ["en"], "en"
    thomas.save()
    actions.submit_statement(french, by=ines, at=nine)
    return french


def place(statement: Statement) -> list[object]:
    return [statement.incident.reference, statement.number]


def ask(client: Client, statement: Statement, reader: User, version: int = 1) -> tuple[int, str]:
    act = reverse("incidents:statement-ask-reader", args=place(statement))
    answer = client.post(act, {"version": version, "reader": str(reader.uuid)})
    return answer.status_code, answer.content.decode()


def times_asked(statement: Statement) -> int:
    return statement.incident.entries.filter(kind="statement.reader_asked").count()


def test_while_one_ask_stands_a_second_is_refused_with_who_asked(
    unread: Statement, thomas: User, helene: User, karim: User
) -> None:
    client = signed_in(thomas)
    assert ask(client, unread, karim)[0] == 302
    helene.language = "en"
    helene.save()
    for other in (client, signed_in(helene)):
        status, said = ask(other, unread, karim)
        assert status == 409
        assert "Thomas Nguyen asked Karim Haddad to read this version" in said
        assert "They were not told again" in said
    assert times_asked(unread) == 1


def test_the_page_offers_only_who_has_not_been_asked(
    unread: Statement, thomas: User, karim: User, helene: User
) -> None:
    client, page = signed_in(thomas), reverse("incidents:statement-decide", args=place(unread))
    assert f'value="{karim.uuid}"' in client.get(page).content.decode()
    ask(client, unread, karim)
    shown = client.get(page).content.decode()
    assert "Karim Haddad was asked" in shown
    assert f'value="{karim.uuid}"' not in shown
    everybody = User.objects.exclude(pk__in=[thomas.pk, karim.pk])
    everybody.update(reads=["en"], language="en")
    assert "Call whoever was asked" in client.get(page).content.decode()


def test_another_version_and_an_answer_that_the_original_has_left_behind_ask_anew(
    unread: Statement, master: Statement, ines: User, thomas: User, karim: User, nine: datetime
) -> None:
    client = signed_in(thomas)
    ask(client, unread, karim)
    attest(unread, karim, nine)
    write(master, "We have stopped the line.", ines, nine + MINUTE)
    assert ask(client, unread, karim)[0] == 302
    write(unread, "Nous avons arrêté la ligne.", ines, nine + MINUTE)
    assert ask(client, unread, karim, version=2)[0] == 302
    assert ask(client, unread, karim, version=2)[0] == 409
    assert times_asked(unread) == 3
