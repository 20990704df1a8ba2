"""Tables of people and teams. Data and integrity only; behaviour lives in `actions`."""

from teams.models.catalogue import Audience, Function, Role
from teams.models.journal import JournalContent, JournalEntry
from teams.models.person import User
from teams.models.team import Membership, Team

__all__ = [
    "Audience",
    "Function",
    "JournalContent",
    "JournalEntry",
    "Membership",
    "Role",
    "Team",
    "User",
]
