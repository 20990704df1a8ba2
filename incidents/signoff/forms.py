"""The shape of a policy as administrators fill it in, and of the question what one would ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.forms import capital_letter, capitals, choice
from crisisdesk.kit.names import place
from incidents.models import Channel, Incident, Policy, Severity, Statement
from incidents.signoff.policies import checks, rows
from incidents.signoff.policies.checks import Known
from incidents.signoff.policies.preview import Question
from incidents.signoff.policies.terms import StageBody, Terms
from incidents.signoff.rules import DEFAULT_MINUTES
from teams.models import User

MOST_STAGES: Final = 9
ALL: Final = "all"
ANY: Final = "any"
SOME: Final = "some"
OPEN: Final = "any"


class OpenChoice(forms.ChoiceField):
    """A choice that can be left open: the first one, which stands for everything, is `empty`."""

    def __init__(self, *, blank: Any = "", choices: Any = (), empty: Any = "", **kwargs: Any):
        self.empty = empty
        super().__init__(choices=[(OPEN, blank), *choices], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return OPEN if value in (None, "") else value

    def clean(self, value: Any) -> Any:
        return self.empty if value in (None, "", OPEN) else super().clean(value)


class OpenLevel(OpenChoice):
    """A severity, or none."""

    def __init__(self, *, blank: Any, **kwargs: Any):
        levels = [(str(one.value), format_lazy("{} {}", one.value, one.label)) for one in Severity]
        super().__init__(blank=blank, choices=levels, empty=None, **kwargs)

    def clean(self, value: Any) -> int | None:
        given = super().clean(value)
        return None if given is None else int(given)


def _many(label: Any, choices: Iterable[tuple[str, str]], **options: Any) -> Any:
    """Return a field of checkboxes, any number of them."""
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **options,
    )


class PolicyForm(forms.Form):
    """Conditions, stages (`count` of them on the page, empty ones are left out) and rights."""

    name_en = forms.CharField(
        label=_("Name in English"),
        max_length=120,
        required=False,
        help_text=_("Empty: named after what it says."),
    )
    name_fr = forms.CharField(label=_("Name in French"), max_length=120, required=False)
    source = OpenChoice(
        label=_("Which texts"),
        blank=capital_letter(Policy.Source.ORDINARY.label),
        choices=capitals(Policy.Source),
    )
    severity = OpenLevel(
        label=_("Severity"),
        blank=_("Any severity"),
        help_text=_("An incident not assessed yet meets only policies for any severity."),
    )
    statement_kind = OpenChoice(
        label=_("Kind"), blank=_("Any kind"), choices=capitals(Statement.Kind)
    )
    channel = OpenChoice(label=_("Channel"), blank=_("Any channel"), choices=capitals(Channel))
    language = OpenChoice(
        label=_("Language"), blank=_("Any language"), choices=capitals(User.Language)
    )
    audience = OpenChoice(label=_("Audience"), blank=_("Any audience"))
    allows_typo = forms.BooleanField(
        label=_("Sign-offs stand when only a typo is mended"), required=False
    )
    allows_break_glass = forms.BooleanField(
        label=_("A break-glass release is possible"), required=False
    )
    count = forms.IntegerField(min_value=1, max_value=MOST_STAGES, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, known: Known, instead_of: Policy | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.instead_of = instead_of if instead_of and instead_of.team_id else None
        audiences = [(OPEN, _("Any audience")), *known.names.audiences.items()]
        choice(self, "audience").choices = audiences
        self.fields["always"] = _many(_("Asked again after a typo"), known.names.roles.items())
        self.stages = [StageFields(self, n) for n in range(1, self._count() + 1)]

    def _count(self) -> int:
        given = str(self.data.get("count") if self.is_bound else self.initial.get("count"))
        count = int(given) if given.isascii() and given.isdigit() else 1
        return max(1, min(count, MOST_STAGES))

    @property
    def may_grow(self) -> bool:
        return len(self.stages) < MOST_STAGES

    @property
    def terms(self) -> Terms:
        """What was entered, also where it cannot be saved; without a name, what it says."""
        given = self.cleaned_data
        terms = Terms(
            name_en=given.get("name_en", ""),
            name_fr=given.get("name_fr", ""),
            stages=tuple(body for stage in self.stages if (body := stage.body)),
            source=given.get("source", ""),
            severity=given.get("severity"),
            statement_kind=given.get("statement_kind", ""),
            channel=given.get("channel", ""),
            language=given.get("language", ""),
            audience=given.get("audience", ""),
            always=tuple(given.get("always", ())),
            allows_typo=given.get("allows_typo", False),
            allows_break_glass=given.get("allows_break_glass", False),
        )
        return rows.named(terms)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        found = checks.refusals(self.terms, self.known, instead_of=self.instead_of)
        for sentence in found:
            self.add_error(None, sentence)
        return given


class StageFields:
    """The fields of one stage of the form; a stage in which nothing is entered is none."""

    def __init__(self, form: PolicyForm, number: int) -> None:
        self.form, self.number = form, number
        names = form.known.names
        people = [(uuid, names.people[uuid]) for uuid in form.known.people]
        # Whoever left stays to be seen, until somebody takes them off.
        asked = form.initial.get(f"stage_{number}_people", ())
        people += [(uuid, names.of(uuid)) for uuid in asked if uuid not in form.known.people]
        fields: dict[str, forms.Field] = {
            "roles": _many(_("Roles that sign"), names.roles.items()),
            "people": _many(
                _("People who sign by name"), sorted(people, key=lambda p: place(p[1]))
            ),
            "rule": forms.ChoiceField(
                label=_("Whose sign-off is enough"),
                choices=[(ALL, _("all of them")), (ANY, _("any one")), (SOME, _("some of them"))],
                required=False,
                widget=forms.RadioSelect,
                initial=ALL,
            ),
            "needed": forms.IntegerField(
                label=_("How many, where some are enough"), required=False, min_value=1
            ),
            "minutes": forms.IntegerField(
                label=_("Minutes"),
                required=False,
                min_value=1,
                max_value=checks.LONGEST_MINUTES,
                help_text=_("Deputies may sign from half of this time."),
            ),
            "told": _many(_("Roles that are told, without signing"), names.roles.items()),
            "remove": forms.BooleanField(label=_("Take this stage away"), required=False),
        }
        for name, field in fields.items():
            form.fields[f"stage_{number}_{name}"] = field

    def __getattr__(self, name: str) -> Any:
        return self.form[f"stage_{self.number}_{name}"]

    @property
    def is_named(self) -> bool:
        """Say whether people are asked by name, so that the list of people is open."""
        return bool(self.people.value())

    @property
    def tells(self) -> bool:
        return bool(self.told.value())

    @property
    def body(self) -> StageBody | None:
        given = {
            name: self.form.cleaned_data.get(f"stage_{self.number}_{name}")
            for name in ("roles", "people", "rule", "needed", "minutes", "told", "remove")
        }
        entered = any(given[name] for name in ("roles", "people", "minutes", "told"))
        if given["remove"] or not entered:
            return None
        needed = {ANY: 1, SOME: given["needed"] or 0}.get(given["rule"] or ALL)
        return {
            "roles": list(given["roles"] or []),
            "people": list(given["people"] or []),
            "needed": needed,
            "minutes": given["minutes"] or DEFAULT_MINUTES,
            "told": list(given["told"] or []),
        }


def filled(terms: Terms, *, spare: int = 1) -> dict[str, Any]:
    """Return what a form for these terms shows at first, with a spare stage."""
    initial: dict[str, Any] = {f.name: getattr(terms, f.name) for f in fields(Terms)}
    for number, stage in enumerate(terms.stages, start=1):
        some = stage["needed"] is not None and stage["needed"] > 1
        rule = ALL if stage["needed"] is None else SOME if some else ANY
        initial |= {f"stage_{number}_{name}": stage[name] for name in ("roles", "people", "told")}
        initial[f"stage_{number}_minutes"] = stage["minutes"]
        initial[f"stage_{number}_rule"] = rule
        initial[f"stage_{number}_needed"] = stage["needed"] if some else None
    return initial | {"count": min(len(terms.stages) + spare, MOST_STAGES)}


class QuestionForm(forms.Form):
    """What would a statement like this ask? `incident` names the people, if the reader sees it."""

    prefix = "q"

    severity = OpenLevel(label=_("Severity"), blank=_("Not assessed yet"))
    kind = forms.ChoiceField(label=_("Kind"), choices=capitals(Statement.Kind))
    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=capitals(Channel), widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language"), choices=User.Language)
    audience = forms.ChoiceField(label=_("Audience"))
    source = OpenChoice(
        label=_("Which texts"),
        blank=capital_letter(Policy.Source.ORDINARY.label),
        choices=capitals(Policy.Source),
    )
    incident = OpenChoice(label=_("Who that is in"), blank=_("no incident in particular"))

    def __init__(
        self, *args: Any, known: Known, incidents: Iterable[Incident], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.incidents = {one.reference: one for one in incidents}
        audiences = list(known.names.audiences.items())
        choice(self, "audience").choices = audiences
        rooms = [(OPEN, _("no incident in particular")), *((r, r) for r in self.incidents)]
        choice(self, "incident").choices = rooms

    @property
    def question(self) -> Question:
        given = self.cleaned_data
        return Question(
            severity=given["severity"],
            kind=given["kind"],
            channels=tuple(given["channels"]),
            language=given["language"],
            audience=given["audience"],
            source=given["source"],
        )

    @property
    def incident_asked(self) -> Incident | None:
        return self.incidents.get(self.cleaned_data["incident"])
