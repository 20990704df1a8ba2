"""
The administration of people and teams.

Every change goes through the verbs of `actions`, so that the journal learns of it: the admin can
change nothing silently. Whoever `is_staff` administers here; no account is a superuser, and no
right here opens an incident.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit import fresh
from teams import actions, wording
from teams.forms import ReadsField
from teams.models import (
    Absence,
    Audience,
    Delegation,
    Function,
    JournalEntry,
    Membership,
    Role,
    StandIn,
    Team,
    User,
)
from teams.models.catalogue import Catalogued

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
    BasePersonAdmin = UserAdmin[User]
else:
    BaseAdmin = admin.ModelAdmin
    BasePersonAdmin = UserAdmin

admin.site.site_header = _("CrisisDesk: administration")
admin.site.site_title = _("CrisisDesk: administration")
admin.site.index_title = _("People and teams")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Rights come from roles and memberships, addresses from people, passkeys from their owners: here
# they would mislead.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


def _asked(request: Any) -> HttpResponse | None:
    """Ask an old session who is there before it changes anything; looking is never stopped."""
    if request.method != "POST":
        return None
    asked = fresh.confirm_here(request, at=now())
    if asked is None:
        fresh.forget(request, page=fresh.once_more(request.get_full_path()))
    return asked


class StaffMay:
    """Whoever may open the administration may do here what the class allows."""

    adds = changes = deletes = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.adds and self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.changes and self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletes and self.has_module_permission(request)


class ThroughVerbs(StaffMay, BaseAdmin):
    """
    Hand what the admin's form says to a verb, instead of saving it past the journal.

    Whoever changes people, teams or lists changes who may sign: an old session says who is there
    first, and the form comes back as it was sent.
    """

    def changeform_view(
        self, request: Any, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        return _asked(request) or super().changeform_view(
            request, object_id, form_url, extra_context
        )

    def changelist_view(self, request: Any, extra_context: Any = None) -> Any:
        return _asked(request) or super().changelist_view(request, extra_context)

    def delete_view(self, request: Any, object_id: str, extra_context: Any = None) -> Any:
        return _asked(request) or super().delete_view(request, object_id, extra_context)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if change:
            given = {name: form.cleaned_data[name] for name in form.changed_data}
            self.change_by(request.user, obj, given)
            return
        saved = self.add_by(request.user, obj)
        obj.__dict__.update(saved.__dict__)

    def delete_model(self, request: Any, obj: Any) -> None:
        self.delete_by(request.user, obj)

    def delete_queryset(self, request: Any, queryset: models.QuerySet[Any]) -> None:
        with transaction.atomic():
            for row in queryset:
                self.delete_by(request.user, row)

    def add_by(self, by: User, row: Any) -> Any:
        raise NotImplementedError

    def change_by(self, by: User, row: Any, given: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def delete_by(self, by: User, row: Any) -> None:
        raise NotImplementedError


class NewPersonForm(forms.ModelForm):  # type: ignore[type-arg]
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("May stay empty: the person then chooses one by “Forgot your password?”."),
    )

    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class PersonAdmin(ThroughVerbs, BasePersonAdmin):
    deletes = False  # the record names people; who leaves may no longer sign in
    add_form = NewPersonForm
    ordering = ("name",)
    list_display = ("name", "email", "function", "title", "is_staff", "is_active")
    list_filter = ("function", "is_staff", "is_active", "memberships__team")
    search_fields = ("name", "email", "title")
    filter_horizontal = ()
    readonly_fields = ("last_login", "joined_at")
    fieldsets = (
        (None, {"fields": ("email", "name", "title", "function", "telephone", "password")}),
        (_("Reading"), {"fields": ("language", "reads", "zone", "theme")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "last_login", "joined_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "title", "function", "telephone", "password")}),
        (_("Reading"), {"fields": ("language", "reads", "zone")}),
        (_("Access"), {"fields": ("is_staff",)}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "reads":
            return ReadsField(
                label=_("reads"),
                help_text=_(
                    "In these they may sign without a reader. None ticked for a new person: the"
                    " language of their pages."
                ),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.new_password = form.cleaned_data["password"] or None
        super().save_model(request, obj, form, change)

    def add_by(self, by: User, row: User) -> User:
        names = ("title", "function", "telephone", "language", "reads", "zone", "is_staff")
        more = {name: getattr(row, name) for name in names}
        password = getattr(row, "new_password", None)
        return actions.add_person(
            email=row.email, name=row.name, password=password, by=by, at=now(), **more
        )

    def change_by(self, by: User, row: User, given: Mapping[str, Any]) -> None:
        actions.change_person(row, changes=given, by=by, at=now())

    def user_change_password(self, request: Any, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """A password is a key: it is asked for before one is typed, and never kept."""
        if not fresh.fresh(request, at=now()):
            way = reverse("account_reauthenticate")
            return redirect(f"{way}?{urlencode({'next': request.path})}")
        return self._change_password(request, id, form_url)

    @transaction.atomic
    def _change_password(self, request: Any, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        person = self.get_object(request, unquote(id))
        response: HttpResponse = super().user_change_password(request, id, form_url)
        if person and not User.objects.filter(pk=person.pk, password=person.password).exists():
            actions.record_new_password(person, by=request.user, at=now())
        return response


@admin.register(Team)
class TeamAdmin(ThroughVerbs):
    deletes = False  # a team owns incidents and a journal that only grows
    list_display = ("name", "prefix", "slug", "zone", "language")
    fields = ("name", "slug", "prefix", "zone", "language")

    def add_by(self, by: User, row: Team) -> Team:
        return actions.found_team(
            slug=row.slug,
            name=row.name,
            prefix=row.prefix,
            zone=row.zone,
            language=row.language,
            by=by,
            at=now(),
        )

    def change_by(self, by: User, row: Team, given: Mapping[str, Any]) -> None:
        actions.change_team(row, changes=given, by=by, at=now())


@admin.register(Membership)
class MembershipAdmin(ThroughVerbs):
    list_display = ("user", "team", "is_admin", "ends_at")
    list_filter = ("team", "is_admin")
    list_select_related = ("user", "team")
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)
    fields = ("team", "user", "is_admin", "ends_at")
    # Django names the group of the two fields, and neither of them.
    formfield_overrides: ClassVar = {
        models.DateTimeField: {"widget": AdminSplitDateTime(attrs={"aria-label": _("ends")})}
    }

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        # Another person or team is another membership: end this one and add that.
        return ("team", "user") if obj else ()

    def add_by(self, by: User, row: Membership) -> Membership:
        return actions.join_team(
            row.user, row.team, is_admin=row.is_admin, ends_at=row.ends_at, by=by, at=now()
        )

    def change_by(self, by: User, row: Membership, given: Mapping[str, Any]) -> None:
        actions.change_membership(row, changes=given, by=by, at=now())

    def delete_by(self, by: User, row: Membership) -> None:
        actions.leave_team(row, by=by, at=now())


class Dated(ThroughVerbs):
    """What begins, ends, and is never edited or removed: who held what when stays known."""

    changes = deletes = False

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, models.DateTimeField):
            kwargs["widget"] = AdminSplitDateTime(attrs={"aria-label": db_field.verbose_name})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Absence)
class AbsenceAdmin(Dated):
    list_display = ("user", "starts_at", "ends_at", "made_by", "cancelled_at")
    list_filter = ("user__memberships__team",)
    list_select_related = ("user", "made_by")
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)
    fields = ("user", "starts_at", "ends_at", "note")
    actions = ("cancel_absences",)

    def add_by(self, by: User, row: Absence) -> Absence:
        return actions.record_absence(
            row.user,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            note=row.note,
            by=by,
            at=now(),
        )

    @admin.action(description=_("Cancel the chosen absences"), permissions=["add"])
    def cancel_absences(self, request: Any, queryset: models.QuerySet[Absence]) -> None:
        with transaction.atomic():
            for absence in queryset:
                actions.cancel_absence(absence, by=request.user, at=now())


@admin.register(Delegation)
class DelegationAdmin(Dated):
    list_display = ("giver", "receiver", "role", "team", "starts_at", "ends_at", "revoked_at")
    list_filter = ("team",)
    list_select_related = ("giver", "receiver", "role", "team")
    search_fields = ("giver__name", "receiver__name")
    autocomplete_fields = ("giver", "receiver")
    fields = ("team", "giver", "receiver", "role", "starts_at", "ends_at", "reason")
    actions = ("revoke_delegations",)

    def add_by(self, by: User, row: Delegation) -> Delegation:
        return actions.delegate_signoff(
            row.giver,
            to=row.receiver,
            team=row.team,
            role=row.role,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            reason=row.reason,
            by=by,
            at=now(),
        )

    @admin.action(description=_("Take the chosen sign-offs back"), permissions=["add"])
    def revoke_delegations(self, request: Any, queryset: models.QuerySet[Delegation]) -> None:
        with transaction.atomic():
            for delegation in queryset:
                actions.revoke_delegation(delegation, by=request.user, at=now())


@admin.register(StandIn)
class StandInAdmin(ThroughVerbs):
    changes = False  # another person or role is another place in another list
    list_display = ("user", "role", "team", "order")
    list_filter = ("team", "role")
    list_select_related = ("user", "role", "team")
    autocomplete_fields = ("user",)
    fields = ("team", "role", "user")

    def add_by(self, by: User, row: StandIn) -> StandIn:
        return actions.list_stand_in(row.team, role=row.role, user=row.user, by=by, at=now())

    def delete_by(self, by: User, row: StandIn) -> None:
        actions.unlist_stand_in(row, by=by, at=now())


@admin.register(Function, Role, Audience)
class CatalogueAdmin(ThroughVerbs):
    list_display = ("name_en", "name_fr", "slug", "order")
    search_fields = ("name_en", "name_fr", "slug")

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        # Rules and records speak of the code; names may change, it may not.
        return ("slug",) if obj else ()

    def add_by(self, by: User, row: Catalogued) -> Catalogued:
        return actions.add_to_catalogue(row, by=by, at=now())

    def change_by(self, by: User, row: Catalogued, given: Mapping[str, Any]) -> None:
        actions.change_catalogue(row, changes=given, by=by, at=now())

    def delete_by(self, by: User, row: Catalogued) -> None:
        actions.remove_from_catalogue(row, by=by, at=now())


@admin.register(JournalEntry)
class JournalAdmin(StaffMay, BaseAdmin):
    """To read: the journal is written by what happens, and nobody edits it."""

    adds = changes = deletes = False
    list_display = ("team", "number", "recorded_at", "what", "actor")
    list_filter = ("team", "kind")
    list_select_related = ("team", "actor", "content")
    ordering = ("team", "-number")
    fields = ("team", "number", "recorded_at", "what", "changed", "actor", "hash", "previous_hash")
    readonly_fields = fields

    @admin.display(description=_("what"))
    def what(self, entry: JournalEntry) -> str:
        body = entry.content.body
        return wording.sentence(body["kind"], body["facts"])

    @admin.display(description=_("changes"))
    def changed(self, entry: JournalEntry) -> str:
        facts = entry.content.body["facts"]
        return "\n".join(wording.change(c) for c in facts.get("changes", [])) or "–"
