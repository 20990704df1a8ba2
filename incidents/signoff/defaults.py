"""
The circuits an installation starts with, by severity; editable as data.

A critical holding statement asks for the full circuit, unless it is a prepared text with nothing
but its variables filled in: that was signed beforehand and then needs one person.

A policy: English name, French name, severity, statement kind, stages. Minutes are targets.
Empty severity: used while the incident has not been assessed; then the strictest circuit counts.
"""

from __future__ import annotations

from typing import Any, Final

PARALLEL: Final[dict[str, Any]] = {
    "roles": ["communications_lead", "legal_counsel", "executive_sponsor"],
    "needed": None,
    "minutes": 20,
    "told": [],
}
COMMUNICATIONS: Final[dict[str, Any]] = {
    "roles": ["communications_lead"],
    "needed": None,
    "minutes": 20,
    "told": [],
}
LEGAL: Final[dict[str, Any]] = {
    "roles": ["legal_counsel"],
    "needed": None,
    "minutes": 30,
    "told": [],
}
EXECUTIVE: Final[dict[str, Any]] = {
    "roles": ["executive_sponsor"],
    "needed": None,
    "minutes": 30,
    "told": [],
}

POLICIES: Final[list[dict[str, Any]]] = [
    {
        "name_en": "Critical: communications, legal and executive together",
        "name_fr": "Critique\u00a0: communication, juridique et direction en parallèle",
        "severity": 1,
        "statement_kind": "",
        "stages": [PARALLEL],
    },
    {
        "name_en": "Major: communications lead, then legal",
        "name_fr": "Majeure\u00a0: responsable communication, puis juriste",
        "severity": 2,
        "statement_kind": "",
        "stages": [COMMUNICATIONS, LEGAL],
    },
    {
        "name_en": "Major apology: communications lead, legal, executive",
        "name_fr": "Excuses (majeure)\u00a0: responsable communication, juriste, direction",
        "severity": 2,
        "statement_kind": "apology",
        "stages": [COMMUNICATIONS, LEGAL, EXECUTIVE],
    },
    {
        "name_en": "Moderate: communications lead, legal told",
        "name_fr": "Modérée\u00a0: responsable communication, juriste informé",
        "severity": 3,
        "statement_kind": "",
        "stages": [{**COMMUNICATIONS, "minutes": 30, "told": ["legal_counsel"]}],
    },
    {
        "name_en": "Moderate apology: communications lead, then executive",
        "name_fr": "Excuses (modérée)\u00a0: responsable communication, puis direction",
        "severity": 3,
        "statement_kind": "apology",
        "stages": [{**COMMUNICATIONS, "minutes": 30, "told": ["legal_counsel"]}, EXECUTIVE],
    },
    {
        "name_en": "Minor: social media lead or communications lead",
        "name_fr": "Mineure\u00a0: responsable réseaux sociaux ou responsable communication",
        "severity": 4,
        "statement_kind": "",
        "stages": [
            {
                "roles": ["social_media_lead", "communications_lead"],
                "needed": 1,
                "minutes": 60,
                "told": [],
            }
        ],
    },
    {
        "name_en": "Minor apology: communications lead, then executive",
        "name_fr": "Excuses (mineure)\u00a0: responsable communication, puis direction",
        "severity": 4,
        "statement_kind": "apology",
        "stages": [{**COMMUNICATIONS, "minutes": 60}, EXECUTIVE],
    },
    {
        "name_en": "Not assessed yet: communications, legal and executive together",
        "name_fr": "Pas encore évalué\u00a0: communication, juridique et direction en parallèle",
        "severity": None,
        "statement_kind": "",
        "stages": [PARALLEL],
    },
]

FOR_PREPARED_TEXTS: Final[list[dict[str, Any]]] = [
    {
        "name_en": "Prepared text: communications lead and legal counsel",
        "name_fr": "Texte préparé\u00a0: responsable communication et juriste",
        "source": "prepared",
        "stages": [
            {
                "roles": ["communications_lead", "legal_counsel"],
                "needed": None,
                "minutes": 2880,
                "told": [],
            }
        ],
    },
    {
        "name_en": "From a prepared text: communications lead or counsel, executive told",
        "name_fr": "Depuis un texte préparé\u00a0: responsable communication ou juriste, direction informée",
        "source": "from_prepared",
        "stages": [
            {
                "roles": ["communications_lead", "legal_counsel"],
                "needed": 1,
                "minutes": 10,
                "told": ["executive_sponsor"],
            }
        ],
    },
    {
        "name_en": "Minor, from a prepared text: social media lead or communications lead",
        "name_fr": (
            "Mineure, depuis un texte préparé\u00a0: responsable réseaux sociaux ou"
            " responsable communication"
        ),
        "severity": 4,
        "source": "from_prepared",
        "stages": [
            {
                "roles": ["social_media_lead", "communications_lead"],
                "needed": 1,
                "minutes": 30,
                "told": [],
            }
        ],
    },
]
