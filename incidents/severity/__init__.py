"""
Severity: how bad it is, by a published rule, and why.

    not assessed --assess--> assessed --assess--> assessed anew ; every assessment stays

The rule is data (`rubric.json`, versions in the database): hard triggers first, then the bands
of a weighted score. What is not known is left open and counts nothing; a person may override
with a reason.
"""
