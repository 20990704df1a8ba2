"""The newcomer's first administrator."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from teams import rules
from teams.models import JournalEntry, Membership, User

pytestmark = pytest.mark.django_db


def create(**given: str) -> str:
    out = StringIO()
    wanted = {"name": "Adele Admin", "team": "Maison Verdier", "prefix": "MV", **given}
    call_command("create_administrator", "Adele@desk.test", stdout=out, stderr=StringIO(), **wanted)
    return out.getvalue().strip()


def test_the_first_administrator_can_sign_in_and_has_a_team() -> None:
    password = create()
    adele = User.objects.get(email="adele@desk.test")
    assert adele.check_password(password)
    assert adele.is_staff
    assert not adele.is_superuser
    membership = Membership.objects.get(user=adele)
    assert (membership.team.slug, membership.is_admin) == ("maison-verdier", True)
    kinds = list(JournalEntry.objects.order_by("number").values_list("kind", flat=True))
    assert kinds == [rules.TEAM_FOUNDED, rules.ADMINISTRATOR_ADDED, rules.MEMBER_JOINED]


def test_the_same_address_twice_changes_nothing() -> None:
    create()
    with pytest.raises(CommandError, match="there already"):
        create(name="Somebody else")
    assert User.objects.get().name == "Adele Admin"


def test_a_bad_answer_does_nothing_half() -> None:
    with pytest.raises(CommandError, match="Nothing was changed"):
        create(prefix="no good")
    assert not User.objects.exists()
    assert not JournalEntry.objects.exists()
