"""Who is out of a room, and to whom one text was shown: rows that are ended, never rewritten."""

from typing import Final

from crisisdesk.kit.guards import Guard, only_grows

EXCLUDED: Final = """EXISTS (SELECT 1 FROM incidents_exclusion x
  JOIN incidents_statement t ON t.incident_id = x.incident_id
  JOIN incidents_version v ON v.statement_id = t.id
  WHERE v.id = NEW.version_id AND x.ended_at IS NULL AND x.user_id = {person})"""

PEOPLE: Final[list[Guard]] = [
    *only_grows("incidents_exclusion", updates=True),
    Guard(
        "incidents_exclusion_frozen",
        "incidents_exclusion",
        "UPDATE",
        "An exclusion keeps its person and its room, and ends once",
        "NEW.id <> OLD.id OR NEW.incident_id <> OLD.incident_id OR NEW.user_id <> OLD.user_id "
        "OR NEW.excluded_at <> OLD.excluded_at OR NEW.excluded_by_id <> OLD.excluded_by_id "
        "OR (OLD.ended_at IS NOT NULL "
        "AND (NEW.ended_at IS NULL OR NEW.ended_at <> OLD.ended_at))",
    ),
    Guard(
        "incidents_decision_by_who_is_in_the_room",
        "incidents_decision",
        "INSERT",
        "Whoever the crisis is about signs nothing in it",
        EXCLUDED.format(person="NEW.signer_id"),
    ),
    Guard(
        "incidents_release_by_who_is_in_the_room",
        "incidents_release",
        "INSERT",
        "Whoever the crisis is about releases nothing in it",
        f"{EXCLUDED.format(person='NEW.released_by_id')} "
        f"OR {EXCLUDED.format(person='NEW.approver_id')}",
    ),
    *only_grows("incidents_externalapprover", updates=True),
    Guard(
        "incidents_externalapprover_frozen",
        "incidents_externalapprover",
        "UPDATE",
        "Who was shown a text keeps text, person and end; it is ended once",
        "NEW.id <> OLD.id OR NEW.statement_id <> OLD.statement_id "
        "OR NEW.user_id <> OLD.user_id OR NEW.signs <> OLD.signs OR NEW.ends_at > OLD.ends_at "
        "OR (OLD.ended_at IS NOT NULL "
        "AND (NEW.ended_at IS NULL OR NEW.ended_at <> OLD.ended_at))",
    ),
]
