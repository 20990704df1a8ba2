"""What each act is called on the page that sends it once more: by the name of its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADMINISTRATION: Final = _("Change it in the administration")
ACTS: Final[Mapping[str, Promise]] = {
    "incidents:role-assign": _("Ask this person"),
    "incidents:role-relieve": _("Take the role away"),
    "incidents:role-deputy": _("Change the deputy"),
    "incidents:role-hand-over": _("Hand the role over"),
    "incidents:role-exclude": _("Exclude this person"),
    "incidents:role-readmit": _("Let back in"),
    "incidents:approver-invite": _("Show it to this person"),
    "incidents:approver-end": _("Show it to this person no longer"),
    "incidents:approver-ask-without": _("Ask everyone anew, without them"),
    "incidents:policy-add": _("Put the policy in force"),
    "incidents:policy-change": _("Change the policy"),
    "incidents:policy-retire": _("Retire the policy"),
    "teams:stand-in-list": _("Add to the list"),
    "teams:stand-in-raise": _("Raise in the list"),
    "teams:stand-in-unlist": _("Take off the list"),
    "teams:absence-record": _("Record the absence"),
    "teams:absence-cancel": _("End or cancel the absence"),
    "teams:signoff-delegate": _("Hand over the sign-off"),
    "teams:delegation-revoke": _("End the hand-over of the sign-off"),
}


def words_of(address: str) -> tuple[Promise | None, str]:
    """Return what an address of ours does, if it is known, and the reference of its incident."""
    try:
        found = resolve(address.partition("?")[0])
    except Resolver404:
        return None, ""
    where = str(found.kwargs.get("reference", ""))
    if "admin" in found.namespaces:
        return ADMINISTRATION, where
    return ACTS.get(found.view_name), where
