"""The statements of the sign-off tests, in the stages of their life."""

from tests.incidents.signoff.conftest import good, in_signoff, statement

__all__ = ["good", "in_signoff", "statement"]
