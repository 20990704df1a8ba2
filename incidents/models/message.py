from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident


class Message(models.Model):
    """
    What one person gets on one channel at one time: what is leased, sent, marked, retried.

    waiting --lease--> leased --sent--> delivered ;  leased --refused--> waiting (back-off) or
    failed ;  leased --nobody knows--> uncertain ;  a lease that ran out is taken again.
    """

    class Channel(models.TextChoices):
        DESK = "desk", _("in the product")
        EMAIL = "email", _("e-mail")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        LEASED = "leased", _("being sent")
        DELIVERED = "delivered", _("delivered")
        UNCERTAIN = "uncertain", _("perhaps delivered")
        FAILED = "failed", _("failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Attempts of which nobody knows whether they arrived: a worker killed, a connection lost.
    doubts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = (
            models.CheckConstraint(
                name="message_state_known",
                condition=Q(state__in=["waiting", "leased", "delivered", "uncertain", "failed"]),
            ),
        )
        indexes = (
            models.Index(
                fields=("not_before",),
                name="messages_to_send",
                condition=Q(state__in=["waiting", "leased"]),
            ),
            models.Index(fields=("person", "channel", "-created_at")),
        )

    def __str__(self) -> str:
        return f"{self.channel} to {self.person_id}: {self.state}"


class Delivery(models.Model):
    """
    One reason that reaches one person on one channel, once.

    `reason` names the entry or the reminder step ("entry:12", "step:7"); `facts` are what the
    words are made from, at reading or sending time, in the reader's language.
    """

    reason = models.CharField(max_length=60)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Message.Channel)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("reason", "person", "channel"), name="one_reason_reaches_a_person_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reason} to {self.person_id} on {self.channel}"


class StoredMail(models.Model):
    """An e-mail kept instead of sent: the demonstration's letter box."""

    to = models.TextField()
    subject = models.TextField()
    plain = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("stored e-mail")
        verbose_name_plural = _("stored e-mails")

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
