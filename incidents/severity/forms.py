"""The shape of an assessment: one choice per fact of the rubric, the level to record, why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import Severity
from incidents.severity import queries, rules


class AssessForm(forms.Form):
    """
    Facts as tokens (`fact_reach` = "1k-10k"); what is left open is not among `facts`.

    `follows` is the number of the last assessment on the page.
    """

    follows = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason, for the record"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in one sentence what this rests on.")},
    )
    override = forms.TypedChoiceField(
        label=_("Record as"),
        choices=[
            ("", _("the level that the rule gives")),
            (1, _("1 critical, whatever the rule gives")),
            (2, _("2 major, whatever the rule gives")),
            (3, _("3 moderate, whatever the rule gives")),
            (4, _("4 minor, whatever the rule gives")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
    )
    override_reason = forms.CharField(
        label=_("Why the rule should not hold"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where you record another level than the rule gives."),
    )

    def __init__(self, *args: Any, body: rules.Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        for fact in body["facts"]:
            tokens = [(queries.token(c["value"]), c["en"]) for c in fact["choices"]]
            self.fields[f"fact_{fact['key']}"] = forms.ChoiceField(
                choices=[("", ""), *tokens], required=False
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if any(name.startswith("fact_") for name in self.errors):
            return given
        outcome = rules.evaluate(self.body, self.facts)
        if len(outcome.open) == len(self.body["facts"]):
            self.add_error(
                None, _("Nothing is ticked yet. Choose at least one fact that is known.")
            )
        overridden = given.get("override") not in (None, outcome.level)
        if overridden and not given.get("override_reason", "").strip():
            self.add_error(
                "override_reason",
                _("The rule gives another level. Say why it should not hold, for the record."),
            )
        return given

    @property
    def ticked(self) -> dict[str, str]:
        """The tokens as they were sent, for the page that shows them again."""
        return {
            fact["key"]: self.data.get(f"fact_{fact['key']}", "") for fact in self.body["facts"]
        }

    @property
    def facts(self) -> dict[str, Any]:
        """What is known, with the rubric's own values; open facts are left out."""
        found: dict[str, Any] = {}
        for fact in self.body["facts"]:
            for choice in fact["choices"]:
                if self.ticked[fact["key"]] == queries.token(choice["value"]):
                    found[fact["key"]] = choice["value"]
        return found

    @property
    def level(self) -> int | None:
        """The level chosen instead of the rule's, if it is one."""
        chosen = self.data.get("override", "")
        return int(chosen) if chosen in {str(level) for level in Severity.values} else None
