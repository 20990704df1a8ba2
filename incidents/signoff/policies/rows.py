"""Reads of policies: what the list, the versions and the checks show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.models import Policy, Severity
from incidents.signoff.circuits import candidates
from incidents.signoff.policies import checks, words
from incidents.signoff.policies.checks import Known
from incidents.signoff.policies.terms import Terms, changed, terms_of
from incidents.signoff.rules import plan, specificity
from teams.models import Audience, Role, Team, User
from teams.queries import members


@dataclass(frozen=True)
class PolicyRow:
    """A policy in force; `counts` is False where others always come first."""

    pk: int
    lineage: UUID
    name: str
    version: int
    conditions: str
    stages: str
    typo: str
    break_glass: str
    is_own: bool
    counts: bool
    warnings: tuple[str, ...]
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True)
class Group:
    """The policies of one kind of text at one severity, the most specific first."""

    source: str
    source_words: str
    severity: int | None
    title: str
    rows: tuple[PolicyRow, ...]


@dataclass(frozen=True)
class Difference:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionRow:
    """One version of a policy: who made it when, and what it changed."""

    version: int
    name: str
    conditions: str
    stages: str
    typo: str
    break_glass: str
    is_active: bool
    is_newest: bool
    changed_by: str
    changed_at: datetime | None
    differences: tuple[Difference, ...]


def names(team: Team | None = None) -> words.Names:
    """Return what roles, audiences and everybody who could be named are called."""
    people = User.objects.filter(memberships__team=team) if team else User.objects.none()
    return words.Names(
        roles={one.slug: one.name for one in Role.objects.all()},
        people={str(one.uuid): one.name for one in people},
        audiences={one.slug: one.name for one in Audience.objects.all()},
    )


def named(terms: Terms) -> Terms:
    """Return the terms with a name: where none is given, what the policy says."""
    return replace(
        terms,
        name_en=terms.name_en.strip() or _proposed(terms, "en"),
        name_fr=terms.name_fr.strip() or _proposed(terms, "fr"),
    )


def _proposed(terms: Terms, language: str) -> str:
    with override(language):
        return words.proposed(terms, names())


def known(team: Team, *, at: datetime) -> Known:
    """Return what a policy of this team may speak of; the same number of queries for any team."""
    here = list(members(team, at=at))
    functions = {one.function_id for one in here}
    roles = Role.objects.all()
    return Known(
        names=names(team),
        people=frozenset(str(one.uuid) for one in here),
        holdable=frozenset(
            one.slug for one in roles if (one.function_id in functions if one.function_id else here)
        ),
        in_force=tuple(candidates(team)),
    )


def groups(here: Known) -> list[Group]:
    """Return the policies in force by source and severity, the most specific first."""
    counting = checks.chosen(here.in_force)
    makers = _makers(here.in_force)
    found: list[Group] = []
    for source in Policy.Source.values:
        for severity in [*Severity.values, None]:
            of_it = [p for p in here.in_force if (p.source, p.severity) == (source, severity)]
            of_it.sort(
                key=lambda p: (-specificity(terms_of(p).conditions), p.team_id is None, p.pk)
            )
            rows = tuple(_row(p, here, makers, counts=p.pk in counting) for p in of_it)
            if rows:
                title = _title(severity)
                found.append(Group(source, words.source(source), severity, title, rows))
    return found


def _title(severity: int | None) -> str:
    return words.severity(severity) if severity else _("any severity, and not assessed")


def _row(policy: Policy, here: Known, makers: dict[int, str], *, counts: bool) -> PolicyRow:
    terms = terms_of(policy)
    return PolicyRow(
        pk=policy.pk,
        lineage=policy.lineage,
        name=words.name(terms),
        version=policy.version,
        conditions=words.conditions(terms, here.names),
        stages=words.stages(plan(terms.stages), here.names),
        typo=words.typo(terms, here.names),
        break_glass=words.break_glass(terms),
        is_own=policy.team_id is not None,
        counts=counts,
        warnings=tuple(checks.warnings(terms, here)),
        changed_by=makers.get(policy.changed_by_id or 0, ""),
        changed_at=policy.changed_at,
    )


def _makers(policies: Sequence[Policy]) -> dict[int, str]:
    people = User.objects.filter(pk__in={p.changed_by_id for p in policies if p.changed_by_id})
    return dict(people.values_list("pk", "name"))


def of_team(team: Team, pk: int) -> Policy | None:
    """Return a policy that the team may read: its own, any version, or a shipped one."""
    return Policy.objects.filter(Q(team=team) | Q(team=None), pk=pk).first()


def versions(team: Team, lineage: UUID) -> list[VersionRow]:
    """Return every version of a policy, the newest first, each with what it changed."""
    found = list(
        Policy.objects.filter(Q(team=team) | Q(team=None), lineage=lineage)
        .select_related("changed_by")
        .order_by("version")
    )
    called = names(team)
    before: Terms | None = None
    rows: list[VersionRow] = []
    for one in found:
        terms = terms_of(one)
        rows.append(_version(one, terms, before, called, newest=found[-1]))
        before = terms
    return rows[::-1]


def _version(
    policy: Policy, terms: Terms, before: Terms | None, called: words.Names, *, newest: Policy
) -> VersionRow:
    return VersionRow(
        version=policy.version,
        name=words.name(terms),
        conditions=words.conditions(terms, called),
        stages=words.stages(plan(terms.stages), called),
        typo=words.typo(terms, called),
        break_glass=words.break_glass(terms),
        is_active=policy.is_active,
        is_newest=policy.pk == newest.pk,
        changed_by=policy.changed_by.name if policy.changed_by else "",
        changed_at=policy.changed_at,
        differences=differences(before, terms, called) if before else (),
    )


def differences(before: Terms, after: Terms, called: words.Names) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            words.field_name(name),
            words.value(before, name, called),
            words.value(after, name, called),
        )
        for name in changed(before, after)
    )
