"""What is wrong with a policy, each in a sentence that says what to do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from django.utils.translation import gettext as _

from incidents.models import Policy, Severity
from incidents.signoff.circuits import rank
from incidents.signoff.policies import words
from incidents.signoff.policies.terms import (
    CONDITIONS,
    StageBody,
    Terms,
    changed,
    terms_of,
    unsaved,
)
from incidents.signoff.rules import plan
from teams.models import Team

# Stands for the team whose policies are looked at: that a policy is its own is all that counts.
OWN: Final = Team(pk=-1)
# The conditions beside source and severity; empty matches everything.
NARROWER: Final = CONDITIONS[2:]
LONGEST_MINUTES: Final = 14 * 24 * 60


@dataclass(frozen=True)
class Known:
    """
    What a policy of this team may speak of, and the policies in force.

    `people`: uuid -> name of the team's people. `holdable`: slugs of roles that somebody in the
    team could hold.
    """

    names: words.Names
    people: frozenset[str] = frozenset()
    holdable: frozenset[str] = frozenset()
    in_force: tuple[Policy, ...] = ()


def refusals(terms: Terms, known: Known, *, instead_of: Policy | None) -> list[str]:
    """Return every reason not to save these terms; `instead_of`: the own policy they change."""
    found = problems(terms, known, instead_of=instead_of)
    after = replaced(known.in_force, terms, instead_of=instead_of)
    left_out = new_gaps(known.in_force, after, known.names)
    return [*found, *([say_gaps(left_out)] if left_out and not found else [])]


def problems(terms: Terms, known: Known, *, instead_of: Policy | None = None) -> list[str]:
    """Return why these terms cannot be saved; `instead_of` is the policy that they change."""
    found = list(_of_the_stages(terms))
    found += _of_the_names(terms, known)
    if not terms.name_en.strip() or not terms.name_fr.strip():
        found.append(_("Give the policy a name in both languages."))
    twin = _twin(terms, known, instead_of)
    if twin:
        found.append(
            _("The team already has a policy for this: “%(name)s”. Change that one instead.")
            % {"name": words.name(terms_of(twin))}
        )
    return found


def _of_the_stages(terms: Terms) -> Iterator[str]:
    if not terms.stages:
        yield _("The policy has no stage, so that nobody would sign. Add one.")
    for number, stage in enumerate(terms.stages, start=1):
        asked = len({*stage["roles"], *stage["people"]})
        if not asked:
            yield _(
                "Stage %(n)s asks nobody. Choose a role or a person, or take the stage away."
            ) % {"n": number}
        elif stage["needed"] is not None and not 1 <= stage["needed"] <= asked:
            yield _(
                "Stage %(n)s wants %(needed)s sign-offs and asks %(asked)s. Ask more people, or"
                " want fewer."
            ) % {"n": number, "needed": stage["needed"], "asked": asked}
        if not 1 <= stage["minutes"] <= LONGEST_MINUTES:
            yield _("Stage %(n)s needs a time between 1 minute and 14 days.") % {"n": number}


def _of_the_names(terms: Terms, known: Known) -> Iterator[str]:
    roles = [*terms.always, *(key for s in terms.stages for key in (*s["roles"], *s["told"]))]
    for slug in dict.fromkeys(roles):
        if slug not in known.names.roles:
            yield _("There is no role “%(role)s”. Choose one from the catalogue.") % {"role": slug}
    for uuid in dict.fromkeys(key for s in terms.stages for key in s["people"]):
        if uuid not in known.people:
            name = known.names.people.get(uuid, uuid)
            yield _("%(name)s is not in the team, or may not sign in.") % {"name": name}


def _twin(terms: Terms, known: Known, instead_of: Policy | None) -> Policy | None:
    own = instead_of.pk if instead_of else None
    others = (p for p in known.in_force if p.team_id and p.pk != own)
    return next((p for p in others if terms_of(p).conditions == terms.conditions), None)


def gaps(policies: Sequence[Policy], names: words.Names, *, among: Sequence[Policy]) -> list[str]:
    """
    Name the statements that no policy would cover, so that nobody could sign them.

    `among`: the policies whose conditions tell the cases apart.
    """
    found = []
    by_rank = _by_rank(policies)
    for case in _cases(among):
        if _best(by_rank, case) is None:
            terms = Terms("", "", (), **case)
            found.append(
                _("%(texts)s (%(conditions)s)")
                % {
                    "texts": words.source(terms.source),
                    "conditions": words.conditions(terms, names),
                }
            )
    return found


def new_gaps(before: Sequence[Policy], after: Sequence[Policy], names: words.Names) -> list[str]:
    """Name the statements that had a circuit and would have none."""
    told_apart = [*before, *after]
    had = set(gaps(before, names, among=told_apart))
    return [one for one in gaps(after, names, among=told_apart) if one not in had]


def say_gaps(left_out: Sequence[str]) -> str:
    return _("Then nobody would sign: %(statements)s. Keep or add a policy for that first.") % {
        "statements": _("; ").join(left_out[:3])
    }


def chosen(policies: Sequence[Policy]) -> set[int | None]:
    """Return the keys of the policies that count for some statement; the others never do."""
    by_rank = _by_rank(policies)
    found = (_best(by_rank, case) for case in _cases(policies))
    return {policy.pk for policy in found if policy is not None}


def _by_rank(policies: Iterable[Policy]) -> list[Policy]:
    """Return the policies that ask somebody, whichever counts before another first."""
    return sorted((p for p in policies if plan(p.stages)), key=rank, reverse=True)


def _best(by_rank: Iterable[Policy], case: Mapping[str, Any]) -> Policy | None:
    """Return the policy that counts for a case: as `circuits.choose` does, over many cases."""
    source, severity = case["source"], case["severity"]
    return next(
        (
            p
            for p in by_rank
            if p.source == source
            and p.severity in (None, severity)
            and all(getattr(p, name) in ("", case[name]) for name in NARROWER)
        ),
        None,
    )


def consequences(terms: Terms, known: Known, *, instead_of: Policy | None) -> list[str]:
    """Return what saving these terms does beside what they say; `instead_of` may be shipped."""
    found = []
    outdone = [words.name(terms_of(p)) for p in _outdone(terms, known, instead_of)]
    if outdone:
        found.append(
            _("With it, these count no more: %(names)s. The team's own always come first.")
            % {"names": _("; ").join(outdone)}
        )
    before = terms_of(instead_of) if instead_of else terms
    if changed(before, terms) and words.name(before) == words.name(terms):
        found.append(_("The name is still the old one. Empty it: it then says what is asked."))
    return found


def _outdone(terms: Terms, known: Known, instead_of: Policy | None) -> list[Policy]:
    """Return the other policies that count today and would no more."""
    if not plan(terms.stages):
        return []
    after = replaced(known.in_force, terms, instead_of=instead_of)
    silent = chosen(known.in_force) - chosen(after)
    own = instead_of.pk if instead_of else None
    return [
        p
        for p in known.in_force
        if p.pk in silent and p.pk != own and terms_of(p).conditions != terms.conditions
    ]


def _cases(policies: Sequence[Policy]) -> Iterator[dict[str, Any]]:
    """
    Give every case that these policies tell apart: what none of them names stands for the rest.
    """
    named = [sorted({getattr(p, name) for p in policies} | {""}) for name in NARROWER]
    for values in product(Policy.Source.values, [None, *Severity.values], *named):
        yield dict(zip(CONDITIONS, values, strict=True))


def replaced(
    in_force: Iterable[Policy], terms: Terms | None, *, instead_of: Policy | None
) -> list[Policy]:
    """Return the policies as they would be with these terms in the place of a team's policy."""
    own = instead_of.pk if instead_of is not None and instead_of.team_id else None
    kept = [p for p in in_force if p.pk != own]
    return [*kept, unsaved(terms, OWN)] if terms else kept


def warnings(terms: Terms, known: Known) -> list[str]:
    """Return what is allowed and still worth a second look."""
    return [*_nobody_could(terms.stages, known), *_no_way_out(terms)]


def _nobody_could(stages: Iterable[StageBody], known: Known) -> Iterator[str]:
    for slug in dict.fromkeys(key for s in stages for key in s["roles"]):
        if slug in known.names.roles and slug not in known.holdable:
            yield _(
                "Nobody in the team could hold the role %(role)s: nobody is of its function."
            ) % {"role": known.names.of(slug)}


def _no_way_out(terms: Terms) -> Iterator[str]:
    alone = [s for s in terms.stages if s["people"] and not s["roles"] and s["needed"] is None]
    if alone and not terms.allows_break_glass:
        yield _(
            "A stage asks named people only and there is no break-glass release: if they cannot"
            " be reached, nothing can be published."
        )
