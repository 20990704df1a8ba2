"""The words by which people say when: English and French, lower case, without accents."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from incidents.models import PartOfDay

NOW: Final = frozenset(
    {"now", "just now", "right now", "maintenant", "a l'instant", "la maintenant"}
)

ABOUT: Final = re.compile(
    r"~|\b(?:at )?(?:about|around|approximately|approx\.?|roughly|circa|ca\.|vers(?: les)?"
    r"|environ|a peu pres(?: a)?|autour de|aux? alentours? d[eu]|plus ou moins)(?!\w)"
)

AGO: Final = re.compile(
    r"(?P<n1>\d{1,7}|an?|one)\s*(?P<u1>min(?:ute)?s?|m|h(?:(?:ou)?rs?)?|days?)\s+ago\b"
    r"|\bil y a\s+(?P<n2>\d{1,7}|une?)\s*(?P<u2>min(?:ute)?s?|m|h(?:eures?)?|j(?:ours?)?)\b"
)

# Longer phrases first: "day before yesterday" holds "yesterday".
DAY_OFFSETS: Final = tuple(
    (re.compile(rf"\b(?:{words})\b"), timedelta(days=-back), part)
    for words, back, part in (
        (r"(?:the )?day before yesterday|avant[- ]hier", 2, ""),
        (r"yesterday|hier", 1, ""),
        (r"(?:early )this morning|tot ce matin", 0, PartOfDay.EARLY_MORNING),
        (r"this morning|ce matin", 0, PartOfDay.MORNING),
        (r"this afternoon|cet apres[- ]midi|cette apres[- ]midi", 0, PartOfDay.AFTERNOON),
        (r"late this evening|tard ce soir", 0, PartOfDay.LATE_EVENING),
        (r"this evening|ce soir|tonight", 0, PartOfDay.EVENING),
        (r"today|aujourd'hui", 0, ""),
    )
)

NIGHTS: Final = re.compile(
    r"\b(?:last night|at night|in the night|night|(?:cette|la|de) nuit|nuit)\b"
)

PARTS: Final = tuple(
    (part, re.compile(rf"\b(?:{words})\b"))
    for part, words in (
        (
            PartOfDay.EARLY_MORNING,
            r"early (?:in the )?morning|early hours|at dawn|dawn|tot le matin|petit matin"
            r"|tot dans la matinee|debut de matinee|l'aube|aube",
        ),
        (
            PartOfDay.LATE_EVENING,
            r"late (?:in the )?evening|tard le soir|tard dans la soiree|fin de soiree",
        ),
        (PartOfDay.AFTERNOON, r"afternoon|apres[- ]midi"),
        (PartOfDay.MORNING, r"morning|matinee|matin"),
        (PartOfDay.EVENING, r"evening|soiree|soir"),
    )
)

_WEEKDAY_NAMES: Final = (
    ("monday", "lundi"),
    ("tuesday", "mardi"),
    ("wednesday", "mercredi"),
    ("thursday", "jeudi"),
    ("friday", "vendredi"),
    ("saturday", "samedi"),
    ("sunday", "dimanche"),
)
WEEKDAY_NUMBERS: Final = {
    short: number
    for number, names in enumerate(_WEEKDAY_NAMES)
    for name in names
    for short in (name, name[:3])
}
WEEKDAYS: Final = re.compile(
    r"\b(?P<last>last )?(?P<w>"
    + "|".join(sorted(WEEKDAY_NUMBERS, key=len, reverse=True))
    + r")\b\.?(?P<dernier> dernier)?"
)

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv",
            "february feb fevrier fevr fev",
            "march mar mars",
            "april apr avril avr",
            "may mai",
            "june jun juin",
            "july jul juillet juil",
            "august aug aout",
            "september sept sep septembre",
            "october oct octobre",
            "november nov novembre",
            "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}

# Words that say nothing of when.
FILLERS: Final = frozenset(
    (
        *("at", "on", "the", "in", "of", "this", "during", "and", "-"),
        *("le", "la", "les", "l'", "a", "au", "du", "de", "d'", "dans", "en", "ce", "cet"),
        *("cette", "pendant", "et"),
    )
)
