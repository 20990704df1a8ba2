"""Tables of people and teams. Data and integrity only; behaviour lives in `actions`."""

from teams.models.absence import Absence, Delegation
from teams.models.catalogue import Audience, Function, Role
from teams.models.journal import JournalContent, JournalEntry
from teams.models.person import User
from teams.models.stand_in import StandIn
from teams.models.team import Membership, Team

__all__ = [
    "Absence",
    "Audience",
    "Delegation",
    "Function",
    "JournalContent",
    "JournalEntry",
    "Membership",
    "Role",
    "StandIn",
    "Team",
    "User",
]
