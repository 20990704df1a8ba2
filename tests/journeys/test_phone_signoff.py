"""From the link in the mail to the decision, on a telephone: one proof of identity, two taps.

The example's people, a real mail server, and Chromium's own passkey authenticator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.journeys import acts
from tests.journeys.eye import Eye
from tests.processes import eventually

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)

TEXT = "We have the letter. Lot L6061 is checked tonight."
CODE = re.compile(r"^\d{6}\s*$", re.MULTILINE)
A_MONTH_AGO = """
from importlib import import_module
from django.conf import settings
kept = import_module(settings.SESSION_ENGINE).SessionStore({key!r})
for proof in kept["account_authentication_methods"]:
    proof["at"] -= 30 * 24 * 3600
kept.save()
answer = len(kept["account_authentication_methods"])
"""


@dataclass
class Thumb:
    """A hand that counts what it taps, and every page it was led to."""

    page: Any
    taps: int = 0
    places: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("framenavigated", lambda frame: self.places.append(urlsplit(frame.url).path))

    def tap(self, selector: str) -> None:
        self.taps += 1
        self.page.locator(selector).tap()

    def proofs(self) -> int:
        """How often the page that asks who one is was stood on, in whichever of its forms."""
        asked = [place.startswith(("/accounts/login", "/accounts/reauth")) for place in self.places]
        return sum(now and not before for before, now in zip([False, *asked], asked, strict=False))


def asked_to_sign(sign_in: Any, title: str) -> str:
    """Let Ines have a text signed by Thomas; return the statement's address."""
    ines = sign_in(acts.INES)
    room = acts.open_incident(ines, title)
    acts.assess(ines, room, {"people_harmed": "none"}, "One complaint.")
    acts.assign(ines, room, {"communications_lead": "Thomas Nguyen"})
    statement = acts.begin_statement(ines, room, "Holding", kind="holding", channel="x")
    acts.write_draft(ines, TEXT)
    acts.save_version(ines, "First words")
    acts.submit(ines)
    return statement


def link_in_mail(desk_server: Any, statement: str) -> str:
    """Return the link of the mail that asks Thomas, as it was sent."""
    wanted = f"{statement}decide/"

    def arrived() -> bool:
        return any(wanted in mail.text for mail in desk_server.sink.mails)

    eventually(arrived, seconds=30)
    mail = next(mail for mail in desk_server.sink.mails if wanted in mail.text)
    assert mail.recipients == (acts.THOMAS,)
    return wanted


def newest_code(desk_server: Any, after: int) -> str:
    """Return the code of the mail that came to Thomas after so many mails."""

    def codes() -> list[str]:
        late = [m for m in desk_server.sink.mails[after:] if acts.THOMAS in m.recipients]
        return [found.group().strip() for m in late if (found := CODE.search(m.text))]

    eventually(lambda: bool(codes()), seconds=20)
    return codes()[-1]


def decide_in_two_taps(thumb: Thumb, statement: str) -> None:
    before = thumb.taps
    thumb.tap("[data-approve]")
    thumb.tap("#confirm button[type=submit]")
    thumb.page.wait_for_url(lambda url: urlsplit(url).path == urlsplit(statement).path)
    assert thumb.taps - before <= 2


def decision_on(desk_server: Any, statement: str) -> Any:
    """Return who decided what on a statement, and the comment."""
    reference = statement.split("/incidents/")[1].partition("/")[0]
    return desk_server.tell(
        "from incidents.models import Decision\n"
        f"made = Decision.objects.filter(round__version__statement__incident__reference={reference!r})\n"
        "answer = [[d.signer.email, d.verdict, d.comment] for d in made]"
    )


def test_from_the_mail_with_one_code_in_two_taps(
    desk_server: Any, sign_in: Any, open_page: Any
) -> None:
    statement = asked_to_sign(sign_in, "A letter from a lawyer")
    link = link_in_mail(desk_server, statement)
    thumb = Thumb(open_page(phone=True))
    page = thumb.page
    page.goto(link)
    page.fill("[name=login]", acts.THOMAS)
    before = len(desk_server.sink.mails)
    thumb.tap("button[formaction$='/login/code/']")
    page.wait_for_url("**/login/code/confirm/**")
    assert page.evaluate("document.activeElement.name") == "code"
    height = page.locator("main button[type=submit]").first.bounding_box()["height"]
    assert height >= 44
    page.fill("[name=code]", newest_code(desk_server, before))
    page.press("[name=code]", "Enter")
    page.wait_for_url(link)
    assert decision_on(desk_server, statement) == [], "Opening a link decides nothing."
    decide_in_two_taps(thumb, statement)
    assert decision_on(desk_server, statement) == [[acts.THOMAS, "approve", ""]]
    assert thumb.proofs() == 1


def with_a_passkey(page: Any) -> None:
    """Give this page's browser a built-in authenticator that recognises its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_from_the_mail_with_a_passkey_in_two_taps(
    desk_server: Any, sign_in: Any, open_page: Any
) -> None:
    statement = asked_to_sign(sign_in, "A photograph of a lid")
    link = link_in_mail(desk_server, statement)
    # A passkey belongs to a name: the same desk, by its name.
    link, named = (one.replace("127.0.0.1", "localhost") for one in (link, statement))
    home = link.partition("/incidents/")[0]
    thumb = Thumb(open_page(phone=True))
    page = thumb.page
    with_a_passkey(page)
    page.goto(f"{home}/accounts/login/?next=/accounts/passkeys/add/")
    page.fill("[name=login]", acts.THOMAS)
    page.fill("[name=password]", desk_server.password(acts.THOMAS))
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/passkeys/add/")
    page.fill("[name=name]", "Telephone")
    thumb.tap("#passkey-button")
    page.wait_for_selector("main :text('Telephone')")
    eye = Eye(page)
    eye.look(everywhere=False)
    eye.verdict()

    page.context.clear_cookies()  # months later
    page.goto(link)
    thumb.places.clear()
    thumb.places.append("/accounts/login/")
    thumb.tap("#passkey-button")
    page.wait_for_url(link)
    decide_in_two_taps(thumb, named)
    assert decision_on(desk_server, statement) == [[acts.THOMAS, "approve", ""]]
    assert thumb.proofs() == 1


@pytest.mark.parametrize("script", [True, False])
def test_an_old_session_confirms_and_loses_no_word(
    desk_server: Any, sign_in: Any, open_page: Any, script: bool
) -> None:
    statement = asked_to_sign(sign_in, f"An old session, script {script}")
    link = link_in_mail(desk_server, statement)
    page = open_page(phone=True, java_script_enabled=script)
    page.goto(f"/accounts/login/?next={urlsplit(link).path}")
    page.fill("[name=login]", acts.THOMAS)
    page.fill("[name=password]", desk_server.password(acts.THOMAS))
    page.press("[name=password]", "Enter")
    page.wait_for_url(link)
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert desk_server.tell(A_MONTH_AGO.format(key=cookies["sessionid"])) > 0

    page.locator("[data-approve]").tap()
    page.locator("#confirm summary").tap()
    page.fill("#approve-comment", "Name the lot first.")
    page.locator("#confirm button[type=submit]").tap()
    page.wait_for_url("**/accounts/reauthenticate/**")
    if script:
        eye = Eye(page)
        eye.look(everywhere=True)
        eye.verdict()
    before = len(desk_server.sink.mails)
    page.locator("main form[action$='/code/'] button").tap()
    page.fill("[name=code]", newest_code(desk_server, before))
    page.press("[name=code]", "Enter")
    page.wait_for_url(link)

    assert decision_on(desk_server, statement) == [], "A proof decides nothing."
    assert page.locator("#confirm").is_visible()
    assert page.input_value("#approve-comment") == "Name the lot first."
    page.locator("#confirm button[type=submit]").tap()  # one tap, and never without it
    page.wait_for_url(statement)
    assert decision_on(desk_server, statement) == [[acts.THOMAS, "approve", "Name the lot first."]]
