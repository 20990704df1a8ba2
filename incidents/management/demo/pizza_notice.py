"""The recall notice: signed in part, changed, to be signed again; and the press that asks."""

from __future__ import annotations

from incidents.clocks.actions import make_promise
from incidents.evidence.actions import add_evidence, log_with_evidence
from incidents.management.demo import pizza_words as words
from incidents.management.demo.house import (
    House,
    Story,
    audience,
    log,
    picture,
    rewrite,
    role,
    sign,
    version,
    write,
)
from incidents.models import Incident, Occurred, Promise
from incidents.roles.actions import assign_role
from incidents.statements.actions.together import attach_files


def tell_notice(house: House, incident: Incident) -> Story:
    """The notice: signed in part, changed, to be signed again."""
    claire, ines, thomas, karim = house["claire"], house["ines"], house["thomas"], house["karim"]
    at = yield house.clock("21:22")
    notice = write(
        incident,
        title=words.RECALL_TITLE,
        kind="correction",
        to="customers",
        channels={"website": "", "x": words.RECALL_X_V2, "sms": words.RECALL_SMS_V2},
        text=words.RECALL_V1,
        corrects=incident.statements.get(title="Update: three lots named"),
        by=ines,
        at=at,
    )
    version(notice, "From the plant’s list of lots.", by=ines, at=at)
    at = yield house.clock("21:25")
    rewrite(
        notice,
        text=words.RECALL_V2,
        channels={"website": "", "x": words.RECALL_X_V2, "sms": words.RECALL_SMS_V2},
        by=ines,
        at=at,
    )
    version(notice, "Counsel: no cause before the lab report.", by=ines, at=at, submit=True)
    at = yield house.clock("21:29")
    log(
        incident,
        "message_in",
        "Camille Roux, Le Fil Info, asks for a comment before she publishes tonight.",
        by=ines,
        at=at,
        earlier=4,
    )
    at = yield house.clock("21:31")
    sign(notice, by=karim, at=at, comment="Conforme à mon avis : aucune cause avancée.")
    at = yield house.clock("21:33")
    answer = write(
        incident,
        title="Answer to Le Fil Info",
        kind="holding",
        to="media",
        channels={"email": ""},
        text=words.ANSWER,
        by=thomas,
        at=at,
    )
    version(answer, "First words, not asked for sign-off yet.", by=thomas, at=at)
    make_promise(
        incident,
        audience=audience("media"),
        channel="email",
        subject="Le Fil Info: comment or refusal",
        due_at=house.clock("22:15"),
        owner=thomas,
        source=Promise.Source.HAND,
        by=thomas,
        at=at,
    )
    at = yield house.clock("21:35")
    sign(notice, by=thomas, at=at)
    at = yield house.clock("21:39")
    add_evidence(incident, file=picture("line-3-log.png"), by=house["nadia"], at=at)
    log_with_evidence(
        incident,
        files=[picture("pieces-L6064.png")],
        kind="fact",
        text="Lot L6064 is affected too: the scraper blade was changed inside that lot.",
        occurred=Occurred.exactly(house.clock("21:38")),
        by=house["nadia"],
        at=at,
    )
    at = yield house.clock("21:42")
    rewrite(
        notice,
        text=words.RECALL_V3,
        channels={"website": "", "x": words.RECALL_X, "sms": words.RECALL_SMS},
        by=ines,
        at=at,
    )
    attach_files(notice, files=[picture("box-L6062.png")], by=ines, at=at)
    version(
        notice,
        "Adds lot L6064 after Quality’s check, the child in Rennes, and medical advice. Says “were "
        "found”, because we now hold the pieces.",
        by=ines,
        at=at,
    )
    at = yield house.clock("21:46")
    sign(notice, by=thomas, at=at)
    assign_role(
        incident,
        role=role("scribe"),
        user=house["amel"],
        note="The log is complete so far; the call from Rennes was written down late.",
        by=claire,
        at=at,
    )
    at = yield house.clock("21:51")
    log(
        incident,
        "fact",
        "Second wave: 312 mentions in 15 minutes, 24 times the usual 13. Negative share 71 %.",
        by=house["elise"],
        at=at,
        earlier=4,
    )
