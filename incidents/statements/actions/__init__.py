"""The verbs of statements: write, ask for sign-off, decide, publish, withdraw."""

from incidents.statements.actions.citing import cite_facts, drop_citation, still_holds
from incidents.statements.actions.lines import draft_line
from incidents.statements.actions.publishing import (
    record_publication,
    record_unsigned,
    withdraw_statement,
)
from incidents.statements.actions.releasing import release_statement
from incidents.statements.actions.signing import (
    approve_statement,
    refuse_statement,
    request_changes,
    submit_statement,
)
from incidents.statements.actions.writing import (
    change_brief,
    draft_statement,
    go_back_to,
    save_draft,
    save_version,
)

__all__ = [
    "approve_statement",
    "change_brief",
    "cite_facts",
    "draft_line",
    "draft_statement",
    "drop_citation",
    "go_back_to",
    "record_publication",
    "record_unsigned",
    "refuse_statement",
    "release_statement",
    "request_changes",
    "save_draft",
    "save_version",
    "still_holds",
    "submit_statement",
    "withdraw_statement",
]
