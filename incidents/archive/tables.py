"""Past crises as CSV: one event a line, the columns of the JSON events; pure."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from incidents.archive import bad_file, crises
from incidents.archive.bad_file import refuse

NEEDED: Final = ("id", "occurred_at", "actor", "actor_type", "kind", "description")
TRUTHS: Final = {
    **dict.fromkeys(("true", "1", "yes", "oui"), True),
    **dict.fromkeys(("false", "0", "no", "non"), False),
}


def read(text: str, *, title: str, organisation: str, zone: str, language: str) -> crises.Crisis:
    """
    Return the crisis that a CSV file tells; what a table cannot say comes as options.

    :raises BadFile: naming line and column of the first mistake.
    """
    if zone not in available_timezones():
        refuse("--zone", _("“%(zone)s” is not a time zone, such as Europe/Paris.") % {"zone": zone})
    found = [crises.event(item, place, ZoneInfo(zone)) for place, item in _lines(text)]
    if not found:
        refuse("", _("The file holds no event: a line of names, then one event a line."))
    return crises.Crisis(
        key="",
        title=title,
        organisation=organisation,
        language=language,
        zone=zone,
        outcome="",
        open_conflicts=(),
        events=crises.in_order(found),
    )


def _lines(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    line = 1
    try:
        for cells in reader:
            place, line = _("line %(line)s") % {"line": line}, reader.line_num + 1
            if not names:
                names = _names(cells, place)
            elif any(cell.strip() for cell in cells):
                yield place, _item(names, cells, place)
    except csv.Error as error:
        refuse(
            _("line %(line)s") % {"line": reader.line_num},
            _("this is not CSV (%(why)s).") % {"why": error},
        )


def _names(cells: list[str], place: str) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        refuse(place, _("columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    if len(set(names)) < len(names):
        refuse(place, _("two columns have the same name."))
    return names


def _item(names: list[str], cells: list[str], place: str) -> dict[str, Any]:
    if len(cells) != len(names):
        refuse(
            place,
            _("%(found)s cells, but the first line names %(wanted)s columns.")
            % {"found": len(cells), "wanted": len(names)},
        )
    item: dict[str, Any] = {
        name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell.strip()
    }
    for name in ("approximate", "adequate"):
        if name in item:
            item[name] = _truth(item[name], f"{place}.{name}")
    if "conflicting_times" in item:
        try:
            item["conflicting_times"] = bad_file.parsed(item["conflicting_times"])
        except bad_file.BadFile as error:
            refuse(f"{place}.conflicting_times", str(error))
    return item


def _truth(cell: str, place: str) -> bool:
    if cell.lower() not in TRUTHS:
        refuse(place, _("true or false is expected."))
    return TRUTHS[cell.lower()]
