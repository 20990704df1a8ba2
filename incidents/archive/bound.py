"""
What stands beside the chain of a record must be what the chain tells.

Texts, sign-offs, publications and the drill mark of an export lie outside its hashes; the
entries that recorded them do not. A claim that no entry tells is refused, unless as many
entries were withheld as there are claims without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from incidents.archive.bad_file import refuse
from incidents.models import incident as incident_events
from incidents.models import release as release_events
from incidents.models import statement as statement_events
from incidents.signoff.actions.deciding import VERDICT_EVENTS

Key = tuple[Any, ...]
BEGUN: Final = {incident_events.OPENED.name, incident_events.IMPORTED.name}
SAVED: Final = {statement_events.VERSION_SAVED.name}
PUBLISHED: Final = {
    statement_events.PUBLISHED.name,
    statement_events.PUBLISHED_DIFFERENTLY.name,
    statement_events.PUBLISHED_RELEASED.name,
    statement_events.PUBLISHED_RELEASED_DIFFERENTLY.name,
}
VERDICTS: Final = {
    event.name: str(verdict)
    for verdict, by_capacity in VERDICT_EVENTS.items()
    for event in by_capacity.values()
}
RELEASED: Final = {
    release_events.RELEASED.name: "break_glass",
    release_events.RELEASED_OVER_REFUSAL.name: "break_glass",
    release_events.AGREED.name: "oral",
}
SETTLED: Final = {
    release_events.REVIEWED.name: "reviewed",
    release_events.CONFIRMED.name: "confirmed",
    release_events.DENIED.name: "denied",
    release_events.DENIED_AFTER_PUBLICATION.name: "denied",
}
ONCE_OUT: Final = {"published", "superseded"}


def check(payload: Mapping[str, Any], bodies: Iterable[Mapping[str, Any] | None]) -> None:
    """
    Hold the claims of a record against its entries' contents; a withheld content is None.

    :raises BadFile: naming the path of the first claim that no entry tells.
    """
    found = list(bodies)
    told = {key for body in found if body is not None for key in _told(body)}
    untold = [path for path, key in _claims(payload) if key not in told]
    if len(untold) > found.count(None):
        refuse(untold[0], _("no entry of the chain tells this."))


def _told(body: Mapping[str, Any]) -> Iterator[Key]:
    kind, facts = body["kind"], body["facts"]
    if kind in BEGUN:
        yield ("drill", bool(facts.get("drill")))
    elif kind in SAVED:
        yield ("version", facts.get("fingerprint"))
    elif kind in VERDICTS:
        yield ("decision", facts.get("fingerprint"), VERDICTS[kind], _id(body["actor"]))
    elif kind in RELEASED:
        yield ("release", facts.get("fingerprint"), RELEASED[kind], _id(body["actor"]))
    elif kind in SETTLED:
        yield ("settled", facts.get("fingerprint"), SETTLED[kind], _id(body["actor"]))
    elif kind in PUBLISHED:
        yield ("published", facts.get("fingerprint"), (facts.get("channel") or {}).get("value"))


def _claims(payload: Mapping[str, Any]) -> Iterator[tuple[str, Key]]:
    yield "incident.is_drill", ("drill", bool(payload["incident"].get("is_drill")))
    signed = set()
    for place, one in enumerate(payload.get("publications", [])):
        if one.get("basis") != "unsigned":
            signed.add(one.get("statement"))
            key = ("published", one.get("fingerprint"), one.get("channel"))
            yield f"publications[{place}]", key
    for place, statement in enumerate(payload.get("statements", [])):
        path = f"statements[{place}]"
        if statement.get("status") in ONCE_OUT and statement.get("uuid") not in signed:
            yield f"{path}.status", ("published", None, None)
        for n, version in enumerate(statement.get("versions") or []):
            yield from _of_version(f"{path}.versions[{n}]", version)


def _of_version(path: str, version: Mapping[str, Any]) -> Iterator[tuple[str, Key]]:
    yield f"{path}.fingerprint", ("version", version.get("fingerprint"))
    for r, round_ in enumerate(version.get("rounds") or []):
        for d, one in enumerate(round_.get("decisions") or []):
            key = ("decision", one.get("fingerprint"), one.get("verdict"), _id(one.get("signer")))
            yield f"{path}.rounds[{r}].decisions[{d}]", key
        for n, one in enumerate(round_.get("releases") or []):
            yield from _of_release(f"{path}.rounds[{r}].releases[{n}]", one)


def _of_release(path: str, one: Mapping[str, Any]) -> Iterator[tuple[str, Key]]:
    told = ("release", one.get("fingerprint"), one.get("form"), _id(one.get("released_by")))
    yield path, told
    if one.get("outcome"):
        by = _id(one.get("settled_by"))
        yield f"{path}.outcome", ("settled", one.get("fingerprint"), one.get("outcome"), by)


def _id(person: Any) -> Any:
    return person.get("id") if isinstance(person, Mapping) else None
