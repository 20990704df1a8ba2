from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.events import Category, Hearing, event
from incidents.models.incident import Incident
from teams.models import Role


class Assignment(models.Model):
    """A role of this incident in a person's hands, with a deputy behind."""

    class State(models.TextChoices):
        OFFERED = "offered", _("not yet accepted")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        ENDED = "ended", _("ended")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deputy_assignments",
    )
    state = models.CharField(max_length=8, choices=State, default=State.OFFERED)
    handover_note = models.TextField(blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    assigned_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "role"),
                condition=Q(state__in=["offered", "accepted"]),
                name="one_holder_per_role",
            ),
            models.CheckConstraint(
                name="deputy_is_someone_else",
                condition=Q(deputy=None) | ~Q(deputy=models.F("user")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.role.slug}: {self.user}"


class Invitation(models.Model):
    """A person let into the room without a role, with an end."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="invitations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "user"),
                condition=Q(ended_at=None),
                name="one_invitation_per_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.incident_id}"


class Exclusion(models.Model):
    """A person who is the subject of the crisis: out of it, whatever their role or team."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="exclusions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    excluded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "user"),
                condition=Q(ended_at=None),
                name="one_exclusion_per_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} not in {self.incident_id}"


ASSIGNED = event(
    "role.assigned",
    _("{person} is given the role: {role}"),
    heard_by=Hearing.PERSON,
    category=Category.ROLE,
    icon="user-plus",
)
HANDED_OVER = event(
    "role.handed_over",
    _("{person} takes over from {before}: {role}"),
    heard_by=Hearing.PERSON,
    category=Category.ROLE,
    icon="user-plus",
)
RETURNED = event(
    "role.returned",
    _("{person} is {role} again: nobody else here could assign roles"),
    heard_by=Hearing.PERSON,
    category=Category.ROLE,
    icon="user-check",
)
DEPUTY_NAMED = event(
    "role.deputy_named",
    _("{person} is deputy for {role}"),
    heard_by=Hearing.PERSON,
    category=Category.ROLE,
    icon="user-plus",
)
DEPUTY_RELEASED = event(
    "role.deputy_released",
    _("{person} is no longer deputy for {role}"),
    heard_by=Hearing.PERSON,
    category=Category.ROLE,
    icon="user-minus",
)
ACCEPTED = event(
    "role.accepted",
    _("{person} accepts: {role}"),
    heard_by=Hearing.LEAD,
    category=Category.ROLE,
    icon="user-check",
)
DECLINED = event(
    "role.declined",
    _("{person} declines: {role}. Reason: {reason}"),
    heard_by=Hearing.LEAD,
    category=Category.ROLE,
    icon="user-x",
)
RELIEVED = event(
    "role.relieved",
    _("{person} is no longer {role}. Reason: {reason}"),
    heard_by=Hearing.PERSON,
    category=Category.ROLE,
    icon="user-minus",
)
INVITED = event(
    "role.invited",
    _("{person} is invited to the room"),
    heard_by=Hearing.PERSON,
    category=Category.ROLE,
    icon="user-plus",
)
INVITATION_ENDED = event(
    "role.invitation_ended",
    _("{person} is no longer invited to the room"),
    heard_by=Hearing.PERSON,
    category=Category.ROLE,
    icon="user-minus",
)
EXCLUDED = event(
    "role.excluded",
    _("{excluded} is excluded from this incident. Reason: {reason}"),
    category=Category.ROLE,
    icon="user-x",
)
TOOK_OVER = event(
    "role.took_over",
    _("{person} takes over from {before}, who is excluded: {role}"),
    heard_by=Hearing.PERSON,
    category=Category.ROLE,
    icon="user-check",
)
READMITTED = event(
    "role.readmitted",
    _("{excluded} is no longer excluded. Reason: {reason}"),
    category=Category.ROLE,
    icon="user-plus",
)
