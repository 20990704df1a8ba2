"""What administrators of a team do to its policies. Each verb locks the team and tells its journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from crisisdesk.kit.refusals import Refused
from incidents.models import Policy
from incidents.signoff.policies import checks, rows, words
from incidents.signoff.policies.terms import Terms, changed, terms_of, unsaved
from teams import rules as journal
from teams.actions import write_journal
from teams.models import Team, User
from teams.queries import administers

LANGUAGES = ("en", "fr")


class PolicyRefused(Refused):
    """The policy would leave a text without anyone to sign it, or speaks of what is not there."""


class NotAnAdministrator(Refused):
    """Only administrators of the team change its policies."""


class PolicyMoved(Refused):
    """Somebody changed or retired this policy meanwhile."""


class NotTheTeamsOwn(Refused):
    """A shipped policy belongs to the installation: it is not retired, it is outdone."""


@transaction.atomic
def add_policy(team: Team, *, terms: Terms, by: User | None, at: datetime) -> Policy:
    """
    Add a policy of the team's own.

    :raises NotAnAdministrator, PolicyRefused: see each
    """
    locked = _locked(team, by=by, at=at)
    _check(terms, locked, None, at=at)
    made = _save(unsaved(terms, locked), by=by, at=at)
    write_journal(locked, journal.POLICY_ADDED, by=by, at=at, **_facts(made))
    return made


@transaction.atomic
def change_policy(
    policy: Policy, *, team: Team, terms: Terms, by: User | None, at: datetime
) -> Policy:
    """
    Make the next version of a policy; of a shipped one, the team's own copy.

    Rounds that run keep the version they were opened with. Terms that are the same make none.

    :raises NotAnAdministrator, PolicyMoved, PolicyRefused: see each
    """
    locked = _locked(team, by=by, at=at)
    current = _current(policy, locked)
    before = terms_of(current)
    if not changed(before, terms):
        return current
    _check(terms, locked, current if current.team_id else None, at=at)
    made, kind = unsaved(terms, locked), journal.POLICY_ADDED
    if current.team_id is not None:
        _out_of_force(current)
        made.lineage, made.version = current.lineage, current.version + 1
        kind = journal.POLICY_CHANGED
    made = _save(made, by=by, at=at)
    differences = _differences(before, terms, locked)
    write_journal(locked, kind, by=by, at=at, **_facts(made), changes=differences)
    return made


@transaction.atomic
def retire_policy(policy: Policy, *, team: Team, by: User | None, at: datetime) -> Policy:
    """
    Take a policy of the team's own out of force; its versions stay.

    :raises NotAnAdministrator, PolicyMoved, NotTheTeamsOwn, PolicyRefused: see each
    """
    locked = _locked(team, by=by, at=at)
    current = _current(policy, locked)
    if current.team_id is None:
        raise NotTheTeamsOwn(
            _(
                "This policy came with CrisisDesk and stays as it is. Change it: the team's own"
                " copy then counts instead."
            )
        )
    _check_gaps(locked, current, at=at)
    _out_of_force(current)
    write_journal(locked, journal.POLICY_RETIRED, by=by, at=at, **_facts(current))
    return current


def _locked(team: Team, *, by: User | None, at: datetime) -> Team:
    locked = Team.objects.lock(team.pk)
    if by is not None and not administers(by, [locked], at=at):
        raise NotAnAdministrator(
            _("Only an administrator of the team changes its policies. Nothing was changed.")
        )
    return locked


def _current(policy: Policy, team: Team) -> Policy:
    current = Policy.objects.get(pk=policy.pk)
    if not current.is_active or current.team_id not in (None, team.pk):
        raise PolicyMoved(
            _(
                "This policy was changed or retired meanwhile, so nothing was saved. What you"
                " entered is below; open the policy that counts now and enter it there."
            )
        )
    return current


def _check(terms: Terms, team: Team, instead_of: Policy | None, *, at: datetime) -> None:
    _refuse(checks.refusals(terms, rows.known(team, at=at), instead_of=instead_of))


def _check_gaps(team: Team, retired: Policy, *, at: datetime) -> None:
    """Refuse what leaves a statement without a circuit that has one today."""
    known = rows.known(team, at=at)
    after = checks.replaced(known.in_force, None, instead_of=retired)
    left_out = checks.new_gaps(known.in_force, after, known.names)
    _refuse([checks.say_gaps(left_out)] if left_out else [])


def _refuse(sentences: list[str]) -> None:
    if sentences:
        raise PolicyRefused(" ".join([*sentences, _("Nothing was saved.")]))


def _out_of_force(policy: Policy) -> None:
    policy.is_active = False
    policy.save(update_fields=["is_active"])


def _save(policy: Policy, *, by: User | None, at: datetime) -> Policy:
    policy.changed_by, policy.changed_at = by, at
    policy.save()
    return policy


def _facts(policy: Policy) -> dict[str, Any]:
    return {
        "policy": _named(terms_of(policy)),
        "lineage": str(policy.lineage),
        "version": policy.version,
    }


def _named(terms: Terms) -> dict[str, str]:
    return {"slug": "policy", "en": terms.name_en, "fr": terms.name_fr}


def _differences(before: Terms, after: Terms, team: Team) -> list[dict[str, Any]]:
    """Return what changed as the journal keeps it: in words, in both languages."""
    found: list[dict[str, Any]] = [
        {"field": name, "from": {"slug": name}, "to": {"slug": name}}
        for name in changed(before, after)
    ]
    for language in LANGUAGES:
        with override(language):
            called = rows.names(team)
            for one in found:
                one["from"][language] = words.value(before, one["field"], called)
                one["to"][language] = words.value(after, one["field"], called)
    return found
