"""What the database refuses about teams: their journal grows, and who signed for whom stays known."""

from typing import Final

from crisisdesk.kit.guards import Guard, only_grows

JOURNAL: Final[list[Guard]] = [
    *only_grows("teams_journalentry", numbered_by="team_id"),
    *only_grows("teams_journalcontent", key="entry_id"),
]
GUARDS: Final[list[Guard]] = [
    *JOURNAL,
    *only_grows("teams_delegation", updates=True),
    Guard(
        "teams_delegation_frozen",
        "teams_delegation",
        "UPDATE",
        "A hand-over keeps its people, role and days; it is taken back once",
        "NEW.id <> OLD.id OR NEW.team_id <> OLD.team_id OR NEW.giver_id <> OLD.giver_id "
        "OR NEW.receiver_id <> OLD.receiver_id "
        "OR COALESCE(NEW.role_id, 0) <> COALESCE(OLD.role_id, 0) "
        "OR NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at "
        "OR NEW.made_at <> OLD.made_at "
        "OR COALESCE(NEW.made_by_id, 0) <> COALESCE(OLD.made_by_id, 0) "
        "OR (OLD.revoked_at IS NOT NULL "
        "AND (NEW.revoked_at IS NULL OR NEW.revoked_at <> OLD.revoked_at))",
    ),
    *only_grows("teams_absence", updates=True),
    Guard(
        "teams_absence_frozen",
        "teams_absence",
        "UPDATE",
        # Its note may be emptied: it can tell of an illness.
        "An absence keeps its person and days; it is cancelled once",
        "NEW.id <> OLD.id OR NEW.user_id <> OLD.user_id OR NEW.starts_at <> OLD.starts_at "
        "OR COALESCE(CAST(NEW.ends_at AS TEXT), '') <> COALESCE(CAST(OLD.ends_at AS TEXT), '') "
        "OR NEW.made_at <> OLD.made_at "
        "OR (OLD.cancelled_at IS NOT NULL "
        "AND (NEW.cancelled_at IS NULL OR NEW.cancelled_at <> OLD.cancelled_at))",
    ),
]
