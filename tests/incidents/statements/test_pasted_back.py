"""What was pasted back is shown before it is recorded; texts of every origin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.models import (
    Incident,
    Policy,
    Publication,
    Round,
    Statement,
    Version,
)
from incidents.signoff import actions as signoff
from incidents.signoff import releases
from incidents.signoff.actions.withheld import NotAllowed
from incidents.signoff.queries import living_round
from incidents.statements import actions, outside
from incidents.statements.actions import sharing
from incidents.statements.moves import NotFromHere
from incidents.statements.prepared import VariableEmpty
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, draft, write
from tests.incidents.signoff.test_releases import agree, release
from tests.incidents.statements.prepared import VALUES, holding, library, sign, use
from tests.incidents.statements.test_publishing import publish, signed

__all__ = ["holding", "library", "sign"]

pytestmark = pytest.mark.django_db


def living(statement: Statement) -> Version:
    round_ = living_round(statement.pk)
    assert round_ is not None
    return round_.version


def test_pasted_words_are_compared_and_an_older_version_is_named(
    good: Statement, ines: User, thomas: User, karim: User, helene: User, nine: datetime
) -> None:
    write(good, WORDS + " Do not eat it.", ines, nine + 2 * MINUTE)
    signed(good, thomas, karim, helene, at=nine + 3 * MINUTE)
    same = outside.compare(
        living(good), channel="x", posted_text=WORDS.replace(" ", "\u00a0") + "\n Do not eat it. "
    )
    assert same is None
    assert outside.compare(living(good), channel="x", posted_text=" \n") is None
    old = outside.compare(living(good), channel="x", posted_text=WORDS)
    assert old is not None
    assert (old.same_as, old.was_signed) == (1, True)
    other = outside.compare(living(good), channel="x", posted_text="Nothing of ours here")
    assert other is not None
    assert (other.same_as, other.share) == (0, 0)


def test_an_older_version_that_was_never_fully_signed_is_not_said_to_be(
    in_signoff: Statement,
    ines: User,
    thomas: User,
    karim: User,
    helene: User,
    nine: datetime,
) -> None:
    approve(in_signoff, thomas, nine)
    write(in_signoff, WORDS + " Do not eat it.", ines, nine + MINUTE)
    signed(in_signoff, thomas, karim, helene, at=nine + 2 * MINUTE)
    old = outside.compare(living(in_signoff), channel="x", posted_text=WORDS)
    assert old is not None
    assert (old.same_as, old.was_signed) == (1, False)


@pytest.fixture
def good_now(staffed: Incident, ines: User, thomas: User, karim: User, helene: User) -> Statement:
    """A text good to publish now: pages take the time of the clock."""
    text = draft(staffed, ines, now())
    actions.save_version(text, reason="", submit=True, by=ines, at=now())
    return signed(text, thomas, karim, helene, at=now())


def test_a_difference_is_shown_before_it_is_recorded(
    client: Client, good_now: Statement, ines: User
) -> None:
    client.force_login(ines)
    here = [good_now.incident.reference, good_now.number]
    address = reverse("incidents:statement-record-publication", args=here)
    given = {"channel": "x", "published_at": "now", "posted_text": WORDS + " Buy now"}
    first = client.post(address, given)
    assert first.status_code == 422
    assert "What stands there is not the text" in first.content.decode()
    assert not Publication.objects.exists()
    shown = first.context["other"].mark
    again = client.post(address, {**given, "posted_text": WORDS + " Buy two", "shown": shown})
    assert again.status_code == 422
    assert not Publication.objects.exists()
    assert client.post(address, {**given, "shown": shown}).status_code == 302
    made = Publication.objects.get()
    assert (made.differs, made.basis) == (True, Publication.Basis.SIGNED)


def test_what_nobody_signed_is_offered_to_be_recorded_as_that(
    client: Client, good_now: Statement, ines: User
) -> None:
    client.force_login(ines)
    here = [good_now.incident.reference, good_now.number]
    address = reverse("incidents:statement-record-publication", args=here)
    given = {"channel": "x", "published_at": "now", "posted_text": "Somebody else's joke"}
    page = client.post(address, given)
    unsigned = reverse("incidents:statement-record-unsigned", args=here[:1])
    assert f'formaction="{unsigned}"' in page.content.decode()
    also = {"text": given["posted_text"], "audience": "public", "statement": good_now.number}
    assert client.post(unsigned, {**given, **also}).status_code == 302
    made = Publication.objects.get()
    assert (made.basis, made.statement, made.round) == ("unsigned", good_now, None)
    good_now.refresh_from_db()
    assert good_now.status == Statement.Status.GOOD


def test_the_words_of_our_own_are_recorded_at_once(
    client: Client, good_now: Statement, ines: User
) -> None:
    client.force_login(ines)
    here = [good_now.incident.reference, good_now.number]
    address = reverse("incidents:statement-record-publication", args=here)
    given = {"channel": "x", "published_at": "now", "posted_text": WORDS}
    assert client.post(address, given).status_code == 302
    assert not Publication.objects.get().differs


def test_a_page_never_calls_a_released_text_signed(
    client: Client, good_now: Statement, ines: User, claire: User
) -> None:
    client.force_login(claire)
    other = draft(good_now.incident, ines, now(), title="Second")
    actions.save_version(other, reason="", submit=True, by=ines, at=now())
    release(other, claire, now())
    actions.record_publication(
        other, channel="x", published_at=now(), posted_text="Changed", by=ines, at=now()
    )
    here = [other.incident.reference, other.number]
    page = client.get(reverse("incidents:statement", args=here)).content.decode()
    assert "not the signed text" not in page
    assert "not the text that was released" in page
    assert "released by Claire Morvan without" in page.replace("Released by", "released by")
    panel = client.get(reverse("incidents:statements", args=here[:1])).content.decode()
    assert "Appeared without sign-off" not in panel


def test_a_correction_begun_from_the_page_is_linked(
    client: Client, good_now: Statement, ines: User
) -> None:
    client.force_login(ines)
    publish(good_now, ines, now())
    here = [good_now.incident.reference]
    page = client.get(reverse("incidents:statement-new", args=here) + "?supersedes=1")
    assert page.status_code == 200
    for link in ("corrects", "supersedes"):
        answer = client.post(
            reverse("incidents:statement-draft", args=here),
            {
                "title": link,
                "kind": "update",
                "audience": "public",
                "language": "en",
                "channels": ["x"],
                link: "1",
            },
        )
        assert answer.status_code == 302
        assert getattr(Statement.objects.get(title=link), link) == good_now
    shown = client.get(reverse("incidents:statement", args=[*here, 1])).content.decode()
    assert "A correction is being written" in shown
    assert "A successor is being written" in shown


def test_a_round_denied_before_publication_publishes_nothing(
    in_signoff: Statement,
    thomas: User,
    karim: User,
    helene: User,
    claire: User,
    ines: User,
    nine: datetime,
) -> None:
    signed(in_signoff, thomas, helene, at=nine)
    made = agree(in_signoff, "legal_counsel", karim, claire, nine)
    signoff.deny_agreement(made, words="No", by=karim, at=nine + MINUTE)
    with pytest.raises(NotFromHere):
        publish(in_signoff, ines, nine + 2 * MINUTE)


# Texts of every origin


def test_no_hurry_releases_a_prepared_text_with_a_hole(
    staffed: Incident, holding: Version, ines: User, claire: User, nine: datetime
) -> None:
    made = use(staffed, holding, ines, nine, values={**VALUES, "time": " "})
    version = actions.save_version(made, reason="", by=ines, at=nine)
    asked: dict[str, Any] = {"version": 1, "fingerprint": version.fingerprint, "reason": "Now"}
    with pytest.raises(VariableEmpty):
        actions.release_statement(made, **asked, by=claire, at=nine)
    assert not Round.objects.filter(version__statement=made).exists()
    filled = use(staffed, holding, ines, nine)
    version = actions.save_version(filled, reason="", by=ines, at=nine)
    asked["fingerprint"] = version.fingerprint
    released_ = actions.release_statement(filled, **asked, by=claire, at=nine)
    assert released_.round.policy.source == Policy.Source.FROM_PREPARED


def test_whoever_signs_from_outside_signs_in_writing(
    in_signoff: Statement, claire: User, thomas: User, karim: User, helene: User, nine: datetime
) -> None:
    guest = sharing.invite_approver(
        in_signoff,
        email="maitre.leroy@cabinet.test",
        name="Anne Leroy",
        language="en",
        signs=True,
        ends_at=nine + 60 * MINUTE,
        by=claire,
        at=nine,
    ).user
    for person in (thomas, karim, helene):
        approve(in_signoff, person, nine)
    round_ = in_signoff.versions.get().rounds.get()
    assert releases.choices(round_, in_signoff.incident, by=claire, at=nine) == []
    with pytest.raises(NotAllowed, match="from outside"):
        agree(in_signoff, str(guest.uuid), guest, claire, nine)
