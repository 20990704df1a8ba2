"""What the database refuses about teams."""

from typing import Final

from crisisdesk.kit.guards import Guard, only_grows

GUARDS: Final[list[Guard]] = [
    *only_grows("teams_journalentry", numbered_by="team_id"),
    *only_grows("teams_journalcontent", key="entry_id"),
]
