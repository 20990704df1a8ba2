"""
What is done to people, teams and catalogues; every change writes the team's journal.

A change of a person goes to the journal of each of their teams, a change of a catalogue to that
of every team. Act and entry are committed together.
"""

from teams.actions.absence import (
    AlreadyOver,
    CannotTakeOver,
    NotTheirs,
    OutsideTheFunction,
    PassedOn,
    WrongPeriod,
    cancel_absence,
    delegate_signoff,
    record_absence,
    revoke_delegation,
)
from teams.actions.catalogue import (
    StillInUse,
    add_to_catalogue,
    change_catalogue,
    remove_from_catalogue,
)
from teams.actions.journal import write_journal
from teams.actions.people import (
    add_person,
    change_membership,
    change_person,
    change_team,
    found_team,
    join_team,
    leave_team,
    record_new_password,
)
from teams.actions.stand_ins import (
    AlreadyListed,
    list_stand_in,
    raise_stand_in,
    unlist_stand_in,
)

__all__ = [
    "AlreadyListed",
    "AlreadyOver",
    "CannotTakeOver",
    "NotTheirs",
    "OutsideTheFunction",
    "PassedOn",
    "StillInUse",
    "WrongPeriod",
    "add_person",
    "add_to_catalogue",
    "cancel_absence",
    "change_catalogue",
    "change_membership",
    "change_person",
    "change_team",
    "delegate_signoff",
    "found_team",
    "join_team",
    "leave_team",
    "list_stand_in",
    "raise_stand_in",
    "record_absence",
    "record_new_password",
    "remove_from_catalogue",
    "revoke_delegation",
    "unlist_stand_in",
    "write_journal",
]
