"""The verbs of statements: write, ask for sign-off, decide, publish, withdraw."""

from incidents.statements.actions.publishing import (
    record_publication,
    record_unsigned,
    withdraw_statement,
)
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
    "draft_statement",
    "go_back_to",
    "record_publication",
    "record_unsigned",
    "refuse_statement",
    "request_changes",
    "save_draft",
    "save_version",
    "submit_statement",
    "withdraw_statement",
]
