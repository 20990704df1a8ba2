"""What a delivery says, made at reading or sending time, in the reader's language and zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from crisisdesk.kit.times import moment
from incidents.models import Due, Entry, Incident, Release, StepName
from incidents.timeline import wording as timeline

TITLED: Final = frozenset({"incident.opened"})
ESCALATIONS: Final = frozenset({StepName.DEPUTY, StepName.LEAD, StepName.SPONSOR})


@dataclass(frozen=True)
class Line:
    """
    One thing a message says: the sentence, who did it, when it was, where it leads.

    `why` this reader is called, where it is not their own to do.
    """

    text: str
    who: str
    at: datetime
    address: str
    icon: str
    asks: bool = False
    why: str = ""


def step_line(facts: Mapping[str, Any], incident: Incident, *, at: datetime) -> Line:
    """Word a reminder: `facts` are what the reminder's step kept (see reminders.queries)."""
    due_at = datetime.fromisoformat(facts["due_at"]["time"])
    words = {
        "what": timeline.worded(facts.get("what")),
        "audience": timeline.worded(facts.get("audience")),
        "owner": timeline.worded(facts.get("owner")),
        "released_by": timeline.worded(facts.get("released_by")),
        "time": moment(due_at, now=at),
    }
    return Line(
        text=_sentence(facts) % words,
        who="",
        at=due_at,
        address=_address_of_due(facts, incident),
        icon="alarm-filled" if facts["step"] in ESCALATIONS else "clock",
        asks=True,
    )


def _sentence(facts: Mapping[str, Any]) -> str:
    owes, step = str(facts["owes"]), str(facts["step"])
    if owes == Due.Kind.RELEASE:
        return _release_sentence(str(facts["form"]), step)
    if owes == Due.Kind.PROMISE:
        return _promise_sentence(step)
    if owes == Due.Kind.STAGE:
        return _stage_sentence(step)
    if step in ESCALATIONS:
        return _("%(owner)s has not answered yet to the role “%(what)s”.")
    return _("You are asked to take the role “%(what)s”. Accept it or decline it.")


def _promise_sentence(step: str) -> str:
    if step == StepName.BEFORE:
        return _("A promise falls due at %(time)s. %(audience)s: %(what)s.")
    if step == StepName.DUE:
        return _("A promise is due now (%(time)s). %(audience)s: %(what)s.")
    return _("Promised for %(time)s by %(owner)s and still open. %(audience)s: %(what)s.")


def _stage_sentence(step: str) -> str:
    if step == StepName.HALF:
        return _("“%(what)s” waits for your sign-off until %(time)s. Half of the time is gone.")
    if step == StepName.THREE_QUARTERS:
        return _(
            "“%(what)s” waits for your sign-off until %(time)s. Three quarters of the time are gone."
        )
    if step == StepName.DUE:
        return _("The sign-off of “%(what)s” is due now (%(time)s).")
    return _("The sign-off of “%(what)s”, due at %(time)s, is still missing.")


def _release_sentence(form: str, step: str) -> str:
    if form == Release.Form.ORAL:
        if step in ESCALATIONS:
            return _(
                "%(owner)s has not confirmed the oral agreement to “%(what)s”, expected by %(time)s."
            )
        return _(
            "“%(what)s”: %(released_by)s recorded that you agreed by word of mouth."
            " Confirm it or deny it by %(time)s."
        )
    if step in ESCALATIONS:
        return _(
            "The release of “%(what)s” by %(released_by)s, without all sign-offs, was to be"
            " reviewed by %(time)s and is not."
        )
    return _("%(released_by)s released “%(what)s” without all sign-offs. Review it by %(time)s.")


def entry_line(entry: Entry, *, is_readable: bool, outside: bool = False) -> Line:
    """
    Word an entry; a privileged one shows its number to those outside the compartment.

    What goes `outside` (a mail, which a locked screen may show) never carries the title.
    """
    body = entry.content.body
    if outside and entry.kind in TITLED:
        text, who = _("An incident was opened. Its title is read after signing in."), ""
    elif not is_readable:
        text, who = _("Entry %(number)s is privileged.") % {"number": entry.number}, ""
    else:
        text = timeline.say(entry.kind, body["text"], body["facts"])
        who = (body["actor"] or {}).get("name", "")
    return Line(
        text=text,
        who=who,
        at=entry.recorded_at,
        address=_address_of_entry(entry),
        icon="bell",
        asks=entry.kind in TO_SIGN or entry.kind in ASKING,
    )


def _address_of_due(facts: Mapping[str, Any], incident: Incident) -> str:
    """Return where a reminder is answered; a sign-off leads straight to the decision."""
    if "release" in facts:
        return _address("incidents:release", incident, facts["release"])
    if "number" in facts:
        return _address("incidents:statement-decide", incident, facts["number"])
    if "assignment" in facts:
        return _address("incidents:role", incident, facts["assignment"])
    return _address("incidents:reminder", incident, facts["due_row"])


# Where the entries of a noun lead, and the fact that the address is made with.
PLACES: Final = {
    "promise": ("incidents:promise", "promise"),
    "statement": ("incidents:statement", "number"),
    "signoff": ("incidents:statement", "number"),
    "approver": ("incidents:statement", "number"),
    "comment": ("incidents:statement", "number"),
    "suggestion": ("incidents:statement", "number"),
    "fact": ("incidents:fact", "number"),
    "reminder": ("incidents:reminder", "due_row"),
    "release": ("incidents:release", "release"),
}
TO_SIGN: Final = frozenset({"statement.submitted", "signoff.stage_opened"})
ASKING: Final = frozenset(
    {"role.assigned", "release.made", "release.made_over_refusal", "release.agreed"}
)


def _address_of_entry(entry: Entry) -> str:
    facts = entry.content.body["facts"]
    subject = entry.kind.partition(".")[0]
    name, fact = PLACES.get(subject, ("", ""))
    if entry.kind in TO_SIGN:
        name = "incidents:statement-decide"
    if name and isinstance(facts.get(fact), int):
        return _address(name, entry.incident, facts[fact])
    if subject == "role":
        return _address("incidents:roles", entry.incident)
    return reverse("incidents:room", args=[entry.incident.reference])


def _address(name: str, incident: Incident, *args: Any) -> str:
    """Return the page a line leads to; a page that is not there leads to the room."""
    try:
        return reverse(name, args=[incident.reference, *args])
    except NoReverseMatch:
        return reverse("incidents:room", args=[incident.reference])
