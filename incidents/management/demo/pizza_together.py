"""Beside the notice: other languages, remarks in the margin, somebody from outside, a release."""

from __future__ import annotations

from datetime import datetime, timedelta

from incidents.clocks.actions import make_promise
from incidents.management.demo import pizza_others_words as others
from incidents.management.demo import pizza_words as words
from incidents.management.demo import prepared
from incidents.management.demo.house import (
    House,
    Story,
    audience,
    email,
    publish,
    rewrite,
    sign,
    version,
    write,
)
from incidents.models import Incident, Promise, Statement
from incidents.statements.actions.discussing import add_comment, answer_comment, resolve_comment
from incidents.statements.actions.preparing import use_prepared
from incidents.statements.actions.releasing import release_statement
from incidents.statements.actions.sharing import invite_approver
from incidents.statements.actions.suggesting import adopt_suggestion, suggest_wording
from incidents.statements.actions.translating import attest_translation, translate_statement
from incidents.statements.actions.writing import change_brief
from teams.models import User


def in_french(house: House) -> Story:
    """The answers for the telephones: translated, attested by a reader, signed, published."""
    at = yield house.clock("21:24")
    incident = _pizza(house)
    asked = _found(incident, "Questions and answers, customer service")
    made = translate_statement(asked, language="fr", copy=False, by=house["lucas"], at=at)
    _entitle(made, "Questions et réponses, service consommateurs", by=house["lucas"], at=at)
    rewrite(made, text=others.QUESTIONS, channels={}, by=house["lucas"], at=at)
    version(made, "Pour les équipes de Laval.", by=house["lucas"], at=at, submit=True)
    at = yield house.clock("21:26")
    newest = made.versions.latest("number")
    attest_translation(
        made,
        version=newest.number,
        fingerprint=newest.fingerprint,
        original=asked.versions.latest("number").number,
        note="Relu mot à mot avec l’anglais.",
        by=house["amel"],
        at=at,
    )
    for signer, time in (("thomas", "21:27"), ("karim", "21:28"), ("helene", "21:30")):
        at = yield house.clock(time)
        sign(made, by=house[signer], at=at)
    at = yield house.clock("21:31")
    publish(made, ["intranet"], by=house["thomas"], at=at)
    # Begun before the fourth lot was known: the notice has gone on since.
    at = yield house.clock("21:38")
    notice = translate_statement(
        _found(incident, words.RECALL_TITLE), language="fr", copy=False, by=house["lucas"], at=at
    )
    _entitle(notice, "Avis de rappel", by=house["lucas"], at=at)
    rewrite(notice, text=others.NOTICE, channels={}, by=house["lucas"], at=at)
    version(notice, "Traduit de la v2.", by=house["lucas"], at=at)


def to_the_family(house: House) -> Story:
    """A letter that outside counsel is shown, and is asked to sign once everybody else has."""
    claire = house["claire"]
    at = yield house.clock("21:32")
    letter = write(
        _pizza(house),
        title="Lettre à la famille, Rennes",
        kind="apology",
        to="victims",
        channels={"email": ""},
        text=others.FAMILY,
        language="fr",
        by=claire,
        at=at,
    )
    version(letter, "La famille attend un mot de la présidente.", by=claire, at=at, submit=True)
    paul = house["paul"]
    invite_approver(
        letter,
        email=email(paul.name),
        name=paul.name,
        language=paul.language,
        signs=True,
        ends_at=at + timedelta(days=2),
        by=claire,
        at=at,
    )
    at = yield house.clock("21:37")
    sign(letter, by=house["thomas"], at=at)
    at = yield house.clock("21:41")
    sign(letter, by=house["helene"], at=at, comment="Je la signe de mon nom.")
    at = yield house.clock("21:44")
    sign(letter, by=house["karim"], at=at, comment="Des excuses, aucun aveu sur la cause.")


def in_the_margin(house: House) -> Story:
    """Remarks on the notice and on the answer to the press: one adopted, two still open."""
    nadia, ines, helene = house["nadia"], house["ines"], house["helene"]
    at = yield house.clock("21:40")
    incident = _pizza(house)
    notice = _found(incident, words.RECALL_TITLE)
    better = suggest_wording(
        notice,
        wording="Hard pieces of blue plastic were found in some of these pizzas.",
        why="Nous les avons en main\u00a0: ne plus écrire « may be ».",
        at_passage={
            "version": 2,
            "words": "Small pieces of blue plastic may be in these pizzas.",
        },
        by=nadia,
        at=at,
    )
    dated = add_comment(
        notice,
        text="Avec L6064, la date va jusqu’au 4\u00a0mars.",
        at_passage={"version": 2, "words": "best before 28 February 2027"},
        by=nadia,
        at=at,
    )
    at = yield house.clock("21:41")
    adopt_suggestion(better, by=ines, at=at)
    at = yield house.clock("21:43")
    answer_comment(dated, text="In v3, with the new date.", by=ines, at=at)
    resolve_comment(dated, by=ines, at=at)
    answer = _found(incident, "Answer to Le Fil Info")
    asked = add_comment(
        answer,
        text="À quelle heure exactement\u00a0? C’est la première question qu’elle posera.",
        at_passage={"version": 1, "words": "The first video reached us this afternoon"},
        by=helene,
        at=at,
    )
    at = yield house.clock("21:46")
    answer_comment(
        asked,
        text=f"{house.shown(house.clock('17:04'))} by the log. I leave it out until Quality knows "
        "when the first call came.",
        by=house["thomas"],
        at=at,
    )
    at = yield house.clock("21:47")
    add_comment(
        notice,
        text="Peut-on dire quand nous reparlerons\u00a0?",
        at_passage={"version": 3, "words": "Our customer service answers free of charge"},
        by=helene,
        at=at,
    )
    at = yield house.clock("21:48")
    seen, opened = (house.shown(house.clock(one), in_french=True) for one in ("17:04", "17:31"))
    suggest_wording(
        answer,
        wording="within half an hour",
        why=f"De {seen} à {opened}\u00a0: « minutes » se retournerait contre nous.",
        at_passage={"version": 1, "words": "within minutes"},
        by=house["karim"],
        at=at,
    )


def to_those_who_work(house: House) -> Story:
    """A prepared text for the staff; an alert to the shops that could not wait for everybody."""
    thomas, claire, lucas = house["thomas"], house["claire"], house["lucas"]
    at = yield house.clock("21:43")
    incident = _pizza(house)
    spoken = house.shown(house.clock("22:30"), in_french=True)
    values = {**others.STAFF, "heure du prochain point": spoken}
    staff = _use(house, incident, prepared.STAFF, values, by=thomas, at=at)
    version(staff, "Avant la presse, comme convenu.", by=thomas, at=at, submit=True)
    at = yield house.clock("21:45")
    sign(staff, by=house["karim"], at=at)
    shops = write(
        incident,
        title="Alerte magasins\u00a0: lot L6064",
        kind="update",
        to="retailers",
        channels={"email": ""},
        text=others.SHOPS,
        language="fr",
        by=lucas,
        at=at,
    )
    version(shops, "Le lot L6064 est encore en rayon.", by=lucas, at=at, submit=True)
    at = yield house.clock("21:47")
    publish(staff, ["intranet"], by=thomas, at=at)
    sign(shops, by=thomas, at=at)
    at = yield house.clock("21:49")
    newest = shops.versions.latest("number")
    release_statement(
        shops,
        version=newest.number,
        fingerprint=newest.fingerprint,
        reason=f"Shops restock at {house.shown(house.clock('22:10'))}. Hélène and Karim are on the "
        "line with the prefect; the text only takes a lot off the shelves.",
        by=claire,
        at=at,
    )
    at = yield house.clock("21:50")
    publish(shops, ["email"], by=house["ines"], at=at)
    at = yield house.clock("21:51")
    make_promise(
        incident,
        audience=audience("retailers"),
        channel="email",
        subject="Questions and answers for the shops",
        due_at=house.clock("8:00", days=1),
        owner=house["julien"],
        source=Promise.Source.HAND,
        by=claire,
        at=at,
    )


def _entitle(statement: Statement, title: str, *, by: User, at: datetime) -> None:
    change_brief(
        statement,
        title=title,
        kind=statement.kind,
        audience=statement.audience,
        language=statement.language,
        channels=statement.channels,
        by=by,
        at=at,
    )


def _use(
    house: House, incident: Incident, title: str, values: dict[str, str], *, by: User, at: datetime
) -> Statement:
    library = Incident.objects.get(team=house.team, is_library=True)
    return use_prepared(
        incident,
        text=_found(library, title).versions.latest("number"),
        title="",
        channels=["intranet"],
        values=values,
        by=by,
        at=at,
    )


def _pizza(house: House) -> Incident:
    return Incident.objects.get(team=house.team, title__startswith="Plastic fragments")


def _found(incident: Incident, title: str) -> Statement:
    """Return the text of this title as it was written first, whatever its translations."""
    return incident.statements.get(title=title, master=None)
