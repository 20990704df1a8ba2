"""A dispute at the depot, filmed and shared; over within a day, being learned from."""

from __future__ import annotations

from datetime import timedelta

from incidents.clocks.actions import record_silence
from incidents.lifecycle.actions import change_status, open_incident
from incidents.management.demo.house import (
    House,
    Story,
    agree,
    log,
    publish,
    sign,
    staff,
    version,
    write,
)
from incidents.models import Action, Incident, Lesson, Occurred
from incidents.review.actions import add_action, add_lesson, change_action, summarise
from incidents.severity.actions import assess_severity
from incidents.signoff.actions.releasing import confirm_agreement

FACTS = {
    "people_harmed": "none",
    "personal_data": "none",
    "legal_exposure": "possible",
    "trust_impact": "medium",
    "business_impact": "low",
    "at_fault": "preventable",
    "reach": "100k-1m",
    "velocity": ">20x",
    "origin": "internal",
    "amplifiers": "regional_media",
}
HOLDING = """Une vidéo montre une altercation entre un chef d’équipe et un chauffeur sur notre dépôt de Laval.

Ces gestes n’ont pas leur place chez nous. Nous avons reçu le chauffeur ce matin et entendons chacun.

Prochain point avant {next_update}."""
UPDATE = """Le chauffeur filmé à Laval a été reçu par notre direction. Il va bien et reprend son travail demain, à sa demande.

Le chef d’équipe est dispensé d’activité le temps de l’enquête interne, confiée à un tiers."""
CLOSING = """L’enquête sur l’altercation de Laval est ouverte et se poursuit avec les représentants du personnel. Nous en publierons les conclusions.

Nous remercions ceux qui nous ont alertés."""
DAY = -1


def tell(house: House) -> Story:
    at = yield house.clock("9:10", days=DAY)
    incident = open_incident(
        house.team,
        title="Depot dispute filmed in Laval",
        kind=Incident.Kind.CONDUCT,
        what_happened="A shift leader pushes a driver at our depot; a colleague filmed it.",
        occurred=Occurred.exactly(house.clock("8:40", days=DAY)),
        where="Facebook, group “Tu sais que tu viens de Laval”",
        link="https://facebook.example/groups/laval/9921",
        confidentiality=Incident.Confidentiality.TEAM,
        by=house["pauline"],
        at=at,
    )
    yield from _staffed(house, incident)
    yield from _said(house, incident)
    yield from _calmed(house, incident)
    yield from _learned(house, incident)


def _staffed(house: House, incident: Incident) -> Story:
    pauline = house["pauline"]
    at = yield house.clock("9:14", days=DAY)
    roles = {
        "communications_lead": (house["thomas"], None),
        "social_media_lead": (house["lucas"], None),
        "legal_counsel": (house["sophie"], house["karim"]),
        "spokesperson": (house["thomas"], None),
        "customer_care_lead": (house["amel"], None),
        "hr_liaison": (pauline, house["camille"]),
        "scribe": (house["elise"], None),
        "executive_sponsor": (house["marc"], None),
    }
    staff(incident, roles, by=pauline, at=at)
    at = yield house.clock("9:18", days=DAY)
    assess_severity(incident, facts=FACTS, reason="Regional press has the film.", by=pauline, at=at)
    at = yield house.clock("9:20", days=DAY)
    change_status(
        incident,
        to=Incident.Status.ACTIVE,
        reason="The film is real; both people work with us.",
        by=pauline,
        at=at,
    )


def _said(house: House, incident: Incident) -> Story:
    lucas, thomas, sophie = house["lucas"], house["thomas"], house["sophie"]
    at = yield house.clock("9:24", days=DAY)
    holding = write(
        incident,
        title="Message d’attente",
        kind="holding",
        to="public",
        channels={"facebook": ""},
        text=HOLDING.format(
            next_update=house.shown(house.clock("11:30", days=DAY), in_french=True)
        ),
        language="fr",
        by=lucas,
        at=at,
    )
    version(holding, "Première réponse.", by=lucas, at=at, submit=True)
    at = yield house.clock("9:28", days=DAY)
    sign(holding, by=thomas, at=at)
    at = yield house.clock("9:32", days=DAY)
    sign(holding, by=sophie, at=at)
    at = yield house.clock("9:34", days=DAY)
    publish(
        holding,
        ["facebook"],
        by=lucas,
        at=at,
        next_update_at=house.clock("11:30", days=DAY),
    )
    at = yield house.clock("10:05", days=DAY)
    log(
        incident,
        "decision",
        "The shift leader is off duty while the inquiry lasts; no name, no sanction announced.",
        why="Nobody has been heard yet; a sanction in public would be a judgement.",
        by=house["marc"],
        at=at,
        key_moment=True,
    )
    at = yield house.clock("10:50", days=DAY)
    update = write(
        incident,
        title="Point : le chauffeur reçu",
        kind="update",
        to="public",
        channels={"facebook": ""},
        text=UPDATE,
        language="fr",
        by=lucas,
        at=at,
    )
    version(update, "Après l’entretien du matin.", by=lucas, at=at, submit=True)
    at = yield house.clock("11:08", days=DAY)
    sign(update, by=thomas, at=at)
    at = yield house.clock("11:21", days=DAY)
    agreed = agree(
        update,
        who=sophie,
        reason="Read to her on the train from Paris, with the fingerprint: the line holds for a "
        "minute at a time.",
        by=house["pauline"],
        at=at,
    )
    at = yield house.clock("11:24", days=DAY)
    publish(update, ["facebook"], by=lucas, at=at)
    at = yield house.clock("12:35", days=DAY)
    confirm_agreement(
        agreed, words="C’est bien le texte que j’ai entendu, sans « faute ».", by=sophie, at=at
    )


def _calmed(house: House, incident: Incident) -> Story:
    pauline, lucas = house["pauline"], house["lucas"]
    at = yield house.clock("13:10", days=DAY)
    record_silence(
        incident,
        reason="Nothing new before the inquiry; comments are answered one by one.",
        by=house["thomas"],
        at=at,
    )
    at = yield house.clock("14:40", days=DAY)
    assess_severity(
        incident,
        facts={**FACTS, "velocity": "2-5x"},
        reason="Hardly shared any more since noon.",
        override=3,
        override_reason="The rule still counts the reach of this morning; the driver spoke for us.",
        by=pauline,
        at=at,
    )
    at = yield house.clock("14:50", days=DAY)
    closing = write(
        incident,
        title="Message de clôture",
        kind="closing",
        to="public",
        channels={"facebook": ""},
        text=CLOSING,
        language="fr",
        by=lucas,
        at=at,
    )
    version(closing, "Dernier mot avant l’enquête.", by=lucas, at=at, submit=True)
    at = yield house.clock("15:02", days=DAY)
    sign(closing, by=house["thomas"], at=at)
    at = yield house.clock("15:05", days=DAY)
    publish(closing, ["facebook"], by=lucas, at=at)
    at = yield house.clock("17:30", days=DAY)
    change_status(
        incident,
        to=Incident.Status.RESOLVED,
        reason="Back to the usual volume; the inquiry goes on outside this room.",
        by=pauline,
        at=at,
    )


def _learned(house: House, incident: Incident) -> Story:
    pauline = house["pauline"]
    at = yield house.clock("10:00")
    summarise(
        incident,
        summary="A colleague’s film of a dispute at the Laval depot was shared by half a million "
        "people in a morning. We answered within half an hour, heard the driver the same day and "
        "announced no sanction. Employees read about it in the press before we told them.",
        revision=0,
        by=pauline,
        at=at,
    )
    for kind, text in (
        (Lesson.Kind.KEEP, "The driver was received before we published anything about him."),
        (Lesson.Kind.KEEP, "No name and no sanction in any text."),
        (Lesson.Kind.CHANGE, "Employees heard it from the press, two hours before us."),
        (Lesson.Kind.FIND_OUT, "Whether shift leaders know whom to call when they are filmed."),
    ):
        add_lesson(incident, kind=kind, text=text, by=pauline, at=at)
    day = at.astimezone(house.team_zone).date()
    told = add_action(
        incident,
        text="A prepared first message to employees, ready in ten minutes",
        owner=house["camille"],
        due_on=day + timedelta(days=12),
        by=pauline,
        at=at,
    )
    add_action(
        incident,
        text="Tell every shift leader whom to call when they are filmed",
        owner=house["marc"],
        due_on=day + timedelta(days=20),
        by=pauline,
        at=at,
    )
    at = yield house.clock("16:15")
    change_action(
        told,
        text=told.text,
        owner=told.owner,
        due_on=told.due_on,
        state=Action.State.STARTED,
        revision=told.revision,
        by=house["camille"],
        at=at,
    )
