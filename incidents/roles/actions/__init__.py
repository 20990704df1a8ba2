"""The verbs of roles: ask, answer, hand over, let in, exclude. Each settles rights in the act."""

from incidents.roles.actions.assigning import (
    CannotHold,
    LeadNeeded,
    NotTheirs,
    OutOfTurn,
    RoleTaken,
    accept_role,
    assign_role,
    decline_role,
    end_invitation,
    grant_opener,
    invite_person,
    name_deputy,
    relieve_role,
)
from incidents.roles.actions.excluding import exclude_person, readmit_person

__all__ = [
    "CannotHold",
    "LeadNeeded",
    "NotTheirs",
    "OutOfTurn",
    "RoleTaken",
    "accept_role",
    "assign_role",
    "decline_role",
    "end_invitation",
    "exclude_person",
    "grant_opener",
    "invite_person",
    "name_deputy",
    "readmit_person",
    "relieve_role",
]
