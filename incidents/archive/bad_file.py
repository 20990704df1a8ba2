"""A file that cannot be taken in, and where in it the reason stands."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused

LARGEST: Final = 200 * 1024 * 1024


class BadFile(Refused):
    """The message begins with the place: "events[3].occurred_at: …", "line 7: …"."""


def refuse(place: str, why: str) -> NoReturn:
    raise BadFile(f"{place}: {why}" if place else why)


def decoded(raw: bytes) -> str:
    """
    Return the text of a file in UTF-8.

    :raises BadFile: naming the first byte that is not.
    """
    if len(raw) > LARGEST:
        refuse("", _("The file is larger than 200 MB."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        refuse(
            _("line %(line)s") % {"line": line},
            _("the file is not written in UTF-8 (byte %(byte)s).") % {"byte": error.start + 1},
        )


def parsed(text: str) -> Any:
    """
    Return what a JSON text says; a name that stands twice in one object is refused.

    :raises BadFile: naming line and column.
    """
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        refuse(
            _("line %(line)s, column %(column)s") % {"line": error.lineno, "column": error.colno},
            _("this is not JSON (%(why)s).") % {"why": error.msg},
        )
    except RecursionError:
        refuse("", _("The file is nested too deeply."))
    except ValueError as error:
        refuse("", str(error))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            refuse(name, _("this name stands twice in one object."))
        found[name] = value
    return found


def _no_number(word: str) -> NoReturn:
    refuse("", _("%(word)s is not a number in JSON.") % {"word": word})
