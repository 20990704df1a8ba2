"""
The administration of what incidents go by. Of incidents themselves nothing is here.

Whoever administers sees no crisis for that: a statement or a timeline in the admin would be a way
past the gate. Approval policies are shown here and changed on the pages of their team.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from incidents.models import Policy

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
else:
    BaseAdmin = admin.ModelAdmin


@admin.register(Policy)
class PolicyAdmin(BaseAdmin):
    """Read only."""

    list_display = ("name_en", "name_fr", "team", "severity", "statement_kind", "is_active")
    list_filter = ("team", "severity", "is_active")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
