"""
All tables as they are, each created whole: a new installation starts sooner.

A database that knows the migrations this one replaces goes on with those.
"""

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import incidents.models.signoff
import teams.models.zones
from incidents.signoff.defaults import FOR_PREPARED_TEXTS, POLICIES

RUBRIC = Path(__file__).parents[1] / "severity" / "rubric.json"


def fill(apps, _schema_editor):
    policy = apps.get_model("incidents", "Policy")
    for one in [*POLICIES, *FOR_PREPARED_TEXTS]:
        policy.objects.create(team=None, **one)
    apps.get_model("incidents", "Rubric").objects.create(
        team=None,
        version=1,
        body=json.loads(RUBRIC.read_text(encoding="utf-8")),
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        created_by=None,
    )


class Migration(migrations.Migration):
    replaces = [
        ("incidents", "0001_initial"),
        ("incidents", "0002_guards"),
        ("incidents", "0003_defaults"),
        ("incidents", "0004_guards_of_the_incident"),
        ("incidents", "0005_sign_off_in_depth"),
        ("incidents", "0006_policies_for_prepared_texts"),
    ]
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("teams", "0004_functions_of_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reference", models.CharField(max_length=24, unique=True)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("product", "product"),
                            ("service", "service"),
                            ("brand_decision", "brand decision"),
                            ("public_remarks", "public remarks"),
                            ("data_breach", "data breach"),
                            ("account_compromise", "account compromise"),
                            ("offensive_content", "offensive content"),
                            ("conduct", "conduct of a person"),
                            ("disinformation", "disinformation or forgery"),
                            ("safety", "safety"),
                            ("other", "other"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=200, verbose_name="organisation"),
                ),
                ("what_happened", models.TextField(blank=True, verbose_name="what happened")),
                (
                    "countries",
                    models.JSONField(blank=True, default=list, verbose_name="countries concerned"),
                ),
                ("language", models.CharField(default="en", max_length=2)),
                (
                    "zone",
                    models.CharField(
                        default="Europe/Paris",
                        max_length=64,
                        validators=[teams.models.zones.validate_zone],
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("triage", "triage"),
                            ("active", "active"),
                            ("monitoring", "monitoring"),
                            ("resolved", "resolved"),
                            ("closed", "closed"),
                        ],
                        default="triage",
                        max_length=12,
                    ),
                ),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "critical"), (2, "major"), (3, "moderate"), (4, "minor")],
                        null=True,
                    ),
                ),
                (
                    "confidentiality",
                    models.CharField(
                        choices=[
                            ("team", "everyone in the team"),
                            ("restricted", "assigned or invited people only"),
                        ],
                        default="team",
                        max_length=12,
                    ),
                ),
                ("is_drill", models.BooleanField(default=False, verbose_name="drill")),
                ("has_inside_information", models.BooleanField(default=False)),
                ("legal_hold", models.BooleanField(default=False)),
                ("is_imported", models.BooleanField(default=False)),
                ("is_library", models.BooleanField(default=False, editable=False)),
                ("first_seen_from", models.DateTimeField(blank=True, null=True)),
                ("first_seen_until", models.DateTimeField(blank=True, null=True)),
                (
                    "first_seen_precision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("minute", "to the minute"),
                            ("hour", "to the hour"),
                            ("part_of_day", "part of the day"),
                            ("day", "to the day"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "first_seen_part_of_day",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("early_morning", "early morning"),
                            ("morning", "morning"),
                            ("afternoon", "afternoon"),
                            ("evening", "evening"),
                            ("late_evening", "late evening"),
                        ],
                        max_length=16,
                    ),
                ),
                ("first_seen_approximate", models.BooleanField(default=False)),
                (
                    "first_seen_where",
                    models.CharField(blank=True, max_length=200, verbose_name="first seen where"),
                ),
                (
                    "first_seen_link",
                    models.URLField(blank=True, max_length=2000, verbose_name="link"),
                ),
                ("opened_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("last_entry_number", models.PositiveIntegerField(default=0, editable=False)),
                ("last_entry_hash", models.CharField(default="", editable=False, max_length=64)),
                ("entry_counts", models.JSONField(default=dict, editable=False)),
                ("origin_uuid", models.UUIDField(blank=True, editable=False, null=True)),
                ("sealed_number", models.PositiveIntegerField(default=0, editable=False)),
                ("sealed_head", models.CharField(default="", editable=False, max_length=64)),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="teams.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
                "permissions": (
                    ("log_entry", "Can write in the timeline"),
                    ("add_evidence", "Can add evidence"),
                    ("edit_facts", "Can edit the ledger of facts"),
                    ("do_tasks", "Can do tasks"),
                    ("comment", "Can comment and suggest"),
                    ("assess_severity", "Can assess severity"),
                    ("assign_role", "Can assign roles and invite"),
                    ("draft_statement", "Can draft and submit statements"),
                    ("record_publication", "Can record publications"),
                    ("break_glass", "Can release without the missing sign-offs"),
                    ("change_status", "Can change status, confidentiality and exclusions"),
                    ("decide_legal_duty", "Can decide that a legal duty is not owed"),
                    ("see_privileged", "Can see privileged entries"),
                    ("classify_privileged", "Can classify legal advice and name its readers"),
                    ("claim_reply", "Can claim and record replies"),
                    ("edit_report", "Can edit the post-mortem"),
                    ("export_record", "Can export the record and the report"),
                    ("open_analysis", "Can open the analysis"),
                    ("export_privileged", "Can export privileged material"),
                    ("erase_entry", "Can erase content for a legal ground"),
                ),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["team", "status"], name="incidents_i_team_id_2c22d4_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["triage", "active", "monitoring", "resolved", "closed"])
                        ),
                        name="incident_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("severity", None), ("severity__in", [1, 2, 3, 4]), _connector="OR"
                        ),
                        name="incident_severity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confidentiality__in", ["team", "restricted"])),
                        name="incident_confidentiality_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_library", True)),
                        fields=("team",),
                        name="one_library_per_team",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("name_fr", models.CharField(max_length=120, verbose_name="name in French")),
                ("lineage", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "written for the incident"),
                            ("prepared", "a prepared text itself"),
                            ("from_prepared", "a prepared text, only its variables filled in"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "critical"), (2, "major"), (3, "moderate"), (4, "minor")],
                        null=True,
                    ),
                ),
                ("statement_kind", models.CharField(blank=True, max_length=12)),
                ("channel", models.CharField(blank=True, max_length=16)),
                ("language", models.CharField(blank=True, max_length=2)),
                ("audience", models.CharField(blank=True, max_length=40)),
                ("stages", models.JSONField()),
                ("allows_typo", models.BooleanField(default=True)),
                ("always", models.JSONField(default=incidents.models.signoff.always_asked)),
                ("allows_break_glass", models.BooleanField(default=True)),
                ("is_active", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField(null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policies",
                        to="teams.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval policy",
                "verbose_name_plural": "approval policies",
            },
        ),
        migrations.CreateModel(
            name="ReferenceCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(max_length=8)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("prefix", "year"), name="one_counter_per_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rubric",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("body", models.JSONField()),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rubrics",
                        to="teams.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "severity rubric",
                "verbose_name_plural": "severity rubrics",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "version"), name="rubric_versions_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("team", None)),
                        fields=("version",),
                        name="default_rubric_versions_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("to", models.TextField()),
                ("subject", models.TextField()),
                ("plain", models.TextField()),
                ("html", models.TextField(blank=True)),
                ("message_id", models.CharField(blank=True, max_length=200)),
                ("stored_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "stored e-mail",
                "verbose_name_plural": "stored e-mails",
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="action")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("started", "started"),
                            ("done", "done"),
                            ("dropped", "dropped"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                ("added_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "started", "done", "dropped"])),
                        name="action_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("facts", models.JSONField()),
                ("score", models.DecimalField(decimal_places=1, max_digits=6)),
                ("triggers", models.JSONField(default=list)),
                (
                    "computed_level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "critical"), (2, "major"), (3, "moderate"), (4, "minor")]
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "critical"), (2, "major"), (3, "moderate"), (4, "minor")]
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("override_reason", models.TextField(blank=True)),
                ("assessed_at", models.DateTimeField()),
                (
                    "assessed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="incidents.incident",
                    ),
                ),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.rubric",
                    ),
                ),
            ],
            options={
                "verbose_name": "assessment",
                "verbose_name_plural": "assessments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "number"), name="assessment_numbers_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level", models.F("computed_level")),
                            models.Q(("override_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="override_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "not yet accepted"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("ended", "ended"),
                        ],
                        default="offered",
                        max_length=8,
                    ),
                ),
                ("handover_note", models.TextField(blank=True)),
                ("assigned_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputy_assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="teams.role",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["offered", "accepted"])),
                        fields=("incident", "role"),
                        name="one_holder_per_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deputy", None),
                            models.Q(("deputy", models.F("user")), _negated=True),
                            _connector="OR",
                        ),
                        name="deputy_is_someone_else",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("previous_hash", models.CharField(max_length=64)),
                ("commitment", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=60)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("fact", "Facts"),
                            ("decision", "Decisions"),
                            ("message", "Messages"),
                            ("statement", "Statements"),
                            ("severity", "Severity"),
                            ("role", "Roles"),
                            ("promise", "Promises"),
                            ("incident", "Incident"),
                            ("report", "Report"),
                        ],
                        max_length=12,
                    ),
                ),
                ("occurred_from", models.DateTimeField()),
                ("occurred_until", models.DateTimeField()),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("minute", "to the minute"),
                            ("hour", "to the hour"),
                            ("part_of_day", "part of the day"),
                            ("day", "to the day"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "part_of_day",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("early_morning", "early morning"),
                            ("morning", "morning"),
                            ("afternoon", "afternoon"),
                            ("evening", "evening"),
                            ("late_evening", "late evening"),
                        ],
                        max_length=16,
                    ),
                ),
                ("approximate", models.BooleanField(default=False)),
                ("is_privileged", models.BooleanField(default=False)),
                ("is_key_moment", models.BooleanField(default=False)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="incidents.entry",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "indexes": [
                    models.Index(
                        fields=["incident", "occurred_from", "number"],
                        name="incidents_e_inciden_738dc4_idx",
                    ),
                    models.Index(
                        fields=["incident", "category", "occurred_from", "number"],
                        name="incidents_e_inciden_2bd057_idx",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "number"), name="entry_numbers_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("excluded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "excluded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exclusions",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("incident", "user"),
                        name="one_exclusion_per_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(verbose_name="fact")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "unconfirmed"),
                            ("confirmed", "confirmed"),
                            ("refuted", "refuted"),
                        ],
                        default="unconfirmed",
                        max_length=12,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                ("link", models.URLField(blank=True, max_length=2000, verbose_name="link")),
                ("changes", models.PositiveIntegerField(default=0)),
                ("noted_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "fact",
                "verbose_name_plural": "facts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "number"), name="fact_numbers_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["unconfirmed", "confirmed", "refuted"])),
                        name="fact_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("filename", models.CharField(max_length=200)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("outcome", models.TextField(blank=True)),
                ("open_conflicts", models.JSONField(default=list)),
                ("imported_at", models.DateTimeField()),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported_file",
                        to="incidents.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IncidentGroupPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="incidents.incident"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group"),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("group", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="IncidentUserPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="incidents.incident"
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="incidents.incident",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("incident", "user"),
                        name="one_invitation_per_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("keep", "what went well"),
                            ("change", "what did not"),
                            ("cause", "causes"),
                            ("find_out", "to find out"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="lesson")),
                ("revision", models.PositiveIntegerField(default=0)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lessons",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "lesson",
                "verbose_name_plural": "lessons",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[("desk", "in the product"), ("email", "e-mail")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("leased", "being sent"),
                            ("delivered", "delivered"),
                            ("uncertain", "perhaps delivered"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("lease", models.UUIDField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("doubts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="incidents.incident",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "leased"])),
                        fields=["not_before"],
                        name="messages_to_send",
                    ),
                    models.Index(
                        fields=["person", "channel", "-created_at"],
                        name="incidents_m_person__15c8d8_idx",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "leased", "delivered", "uncertain", "failed"])
                        ),
                        name="message_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RestoredRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.JSONField()),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restored_record",
                        to="incidents.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="review",
                        serialize=False,
                        to="incidents.incident",
                    ),
                ),
                ("summary", models.TextField(blank=True, verbose_name="in short")),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("holding", "holding statement"),
                            ("update", "update"),
                            ("apology", "apology"),
                            ("denial", "denial"),
                            ("correction", "correction"),
                            ("closing", "closing statement"),
                            ("internal", "internal message"),
                            ("line", "line to take"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("language", models.CharField(default="en", max_length=2, verbose_name="language")),
                ("channels", models.JSONField(default=list, verbose_name="channels")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_signoff", "in sign-off"),
                            ("good", "good to publish"),
                            ("published", "published"),
                            ("superseded", "superseded"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="teams.audience",
                        verbose_name="audience",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="incidents.statement",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "master",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translations",
                        to="incidents.statement",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="incidents.statement",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "permissions": (("sign_statement", "Can sign this statement"),),
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "number"), name="statement_numbers_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "in_signoff",
                                    "good",
                                    "published",
                                    "superseded",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="statement_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_change", models.PositiveIntegerField(default=0)),
                ("cited_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="incidents.statement",
                    ),
                ),
                (
                    "fact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="incidents.fact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("fact", "statement"),
                        name="cited_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=60)),
                (
                    "channel",
                    models.CharField(
                        choices=[("desk", "in the product"), ("email", "e-mail")], max_length=8
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="incidents.message",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reason", "person", "channel"),
                        name="one_reason_reaches_a_person_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="draft",
                        serialize=False,
                        to="incidents.statement",
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("channel_texts", models.JSONField(default=dict)),
                ("attachments", models.JSONField(default=list)),
                ("values", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("edited_at", models.DateTimeField()),
                (
                    "edited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftAuthor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.statement",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("statement", "user"), name="one_draft_author")
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryContent",
            fields=[
                ("salt", models.CharField(max_length=64)),
                ("body", models.JSONField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="content",
                        serialize=False,
                        to="incidents.entry",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("content_type", models.CharField(max_length=80)),
                ("size", models.PositiveBigIntegerField()),
                ("file", models.FileField(upload_to="evidence/")),
                ("is_privileged", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="incidents.entry",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "piece of evidence",
                "verbose_name_plural": "evidence",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "sha256", "entry"), name="evidence_once_per_entry"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalApprover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signs", models.BooleanField(default=True)),
                ("invited_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="externals",
                        to="incidents.statement",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "external approver",
                "verbose_name_plural": "external approvers",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("statement", "user"),
                        name="one_external_invitation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("invited_at"))),
                        name="external_ends_after_invitation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FactChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "unconfirmed"),
                            ("confirmed", "confirmed"),
                            ("refuted", "refuted"),
                        ],
                        max_length=12,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300)),
                ("link", models.URLField(blank=True, max_length=2000)),
                ("reason", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "fact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history",
                        to="incidents.fact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fact", "number"), name="fact_change_numbers_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                ("channel_texts", models.JSONField(default=dict)),
                ("edited_at", models.DateTimeField()),
                (
                    "edited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_drafts",
                        to="incidents.statement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("statement", "revision"), name="kept_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="incidents.entry",
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("taken_at", None)),
                        fields=["entry"],
                        name="outbox_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to="incidents.statement",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "user"), name="one_presence_per_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivilegedReader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readers",
                        to="incidents.entry",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "user"), name="one_reader_per_entry")
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementGroupPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="incidents.statement"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group"),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("group", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="StatementUserPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_at", models.DateTimeField()),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="incidents.statement"
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("holding", "holding statement"),
                            ("update", "update"),
                            ("apology", "apology"),
                            ("denial", "denial"),
                            ("correction", "correction"),
                            ("closing", "closing statement"),
                            ("internal", "internal message"),
                            ("line", "line to take"),
                        ],
                        max_length=12,
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("audience", models.CharField(max_length=40)),
                ("text", models.TextField()),
                ("channel_texts", models.JSONField(default=dict)),
                ("attachments", models.JSONField(default=list)),
                ("values", models.JSONField(default=dict)),
                ("fingerprint", models.CharField(max_length=64)),
                ("reason", models.TextField(blank=True)),
                (
                    "change",
                    models.CharField(
                        choices=[("material", "material"), ("typo", "typo")],
                        default="material",
                        max_length=8,
                    ),
                ),
                ("saved_at", models.DateTimeField()),
                (
                    "master_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translated_as",
                        to="incidents.version",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="incidents.statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "number"), name="version_numbers_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attestation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("note", models.TextField(blank=True)),
                ("attested_at", models.DateTimeField()),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "master_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.version",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attestations",
                        to="incidents.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "reader"), name="one_attestation_per_reader"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("website", "website"),
                            ("press_release", "press release"),
                            ("x", "X"),
                            ("facebook", "Facebook"),
                            ("instagram", "Instagram"),
                            ("linkedin", "LinkedIn"),
                            ("tiktok", "TikTok"),
                            ("email", "e-mail"),
                            ("letter", "letter"),
                            ("sms", "SMS"),
                            ("video", "video"),
                            ("intranet", "intranet"),
                            ("telephone", "telephone"),
                        ],
                        max_length=16,
                    ),
                ),
                ("anchor", models.JSONField(null=True)),
                ("text", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="incidents.comment",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="incidents.statement",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.version",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "critical"), (2, "major"), (3, "moderate"), (4, "minor")],
                        null=True,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "waiting for sign-off"),
                            ("approved", "approved"),
                            ("changes", "changes requested"),
                            ("refused", "refused"),
                            ("void", "void: the text changed"),
                            ("released", "released without all sign-offs"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.policy",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="incidents.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome__in", ["open", "approved", "released"])),
                        fields=("version",),
                        name="one_living_round_per_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                ["open", "approved", "changes", "refused", "void", "released"],
                            )
                        ),
                        name="round_outcome_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("website", "website"),
                            ("press_release", "press release"),
                            ("x", "X"),
                            ("facebook", "Facebook"),
                            ("instagram", "Instagram"),
                            ("linkedin", "LinkedIn"),
                            ("tiktok", "TikTok"),
                            ("email", "e-mail"),
                            ("letter", "letter"),
                            ("sms", "SMS"),
                            ("video", "video"),
                            ("intranet", "intranet"),
                            ("telephone", "telephone"),
                        ],
                        max_length=16,
                    ),
                ),
                ("anchor", models.JSONField()),
                ("wording", models.TextField(blank=True)),
                ("why", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("adopted", "adopted"),
                            ("declined", "declined"),
                            ("withdrawn", "taken back"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_words", models.TextField(blank=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to="incidents.statement",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to="incidents.version",
                    ),
                ),
            ],
            options={
                "verbose_name": "suggestion",
                "verbose_name_plural": "suggestions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state", "open")),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("state__in", ["adopted", "declined", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="suggestion_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionAuthor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authors",
                        to="incidents.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "user"), name="one_author_per_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("needed", models.PositiveSmallIntegerField()),
                ("minutes", models.PositiveIntegerField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="incidents.round",
                    ),
                ),
            ],
            options={
                "ordering": ("order",),
                "constraints": [
                    models.UniqueConstraint(fields=("round", "order"), name="stage_orders_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("needed__gte", 1)), name="stage_needs_someone"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="teams.role",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="incidents.stage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("stage", "role"), name="seat_once"),
                    models.UniqueConstraint(
                        fields=("stage", "person"), name="seat_once_per_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person", None), ("role__isnull", False)),
                            models.Q(("person__isnull", False), ("role", None)),
                            _connector="OR",
                        ),
                        name="seat_asks_a_role_or_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("holder", "in person"),
                            ("delegate", "by delegation"),
                            ("deputy", "as deputy"),
                            ("listed", "from the team's list"),
                        ],
                        default="holder",
                        max_length=8,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("approve", "approved"),
                            ("changes", "asked for changes"),
                            ("refuse", "refused"),
                        ],
                        max_length=8,
                    ),
                ),
                ("screen", models.JSONField(default=dict)),
                ("comment", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField()),
                (
                    "deputy_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="incidents.round",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="incidents.seat",
                    ),
                ),
                (
                    "base_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.version",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="incidents.version",
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-off",
                "verbose_name_plural": "sign-offs",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "signer"), name="one_decision_per_person"
                    ),
                    models.UniqueConstraint(fields=("seat",), name="one_decision_per_seat"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["approve", "changes", "refuse"])),
                        name="decision_verdict_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("break_glass", "break-glass release"),
                            ("oral", "oral agreement"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField()),
                ("over_refusal", models.BooleanField(default=False)),
                ("missing", models.JSONField(default=list)),
                ("released_at", models.DateTimeField()),
                ("owed_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reviewed", "reviewed"),
                            ("confirmed", "confirmed"),
                            ("denied", "not confirmed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_words", models.TextField(blank=True)),
                (
                    "approver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="incidents.round",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="incidents.seat",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="incidents.version",
                    ),
                ),
            ],
            options={
                "verbose_name": "release",
                "verbose_name_plural": "releases",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approver", None), ("form", "break_glass"), ("seat", None)),
                            models.Q(
                                ("approver__isnull", False),
                                ("form", "oral"),
                                ("seat__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="release_form_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["", "reviewed", "confirmed", "denied"])
                        ),
                        name="release_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at", None), ("settled_by", None)),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="settled_release_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="release_gives_a_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("form", "break_glass")),
                        fields=("round",),
                        name="one_break_glass_per_round",
                    ),
                    models.UniqueConstraint(fields=("seat",), name="one_oral_agreement_per_seat"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("signed", "signed"),
                            ("break_glass", "break-glass release"),
                            ("oral", "oral agreement"),
                            ("unsigned", "without sign-off"),
                        ],
                        max_length=12,
                    ),
                ),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("website", "website"),
                            ("press_release", "press release"),
                            ("x", "X"),
                            ("facebook", "Facebook"),
                            ("instagram", "Instagram"),
                            ("linkedin", "LinkedIn"),
                            ("tiktok", "TikTok"),
                            ("email", "e-mail"),
                            ("letter", "letter"),
                            ("sms", "SMS"),
                            ("video", "video"),
                            ("intranet", "intranet"),
                            ("telephone", "telephone"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_internal", models.BooleanField(default=False)),
                ("published_at", models.DateTimeField()),
                ("link", models.URLField(blank=True, max_length=2000)),
                ("posted_text", models.TextField(blank=True)),
                ("differs", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="teams.audience",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="incidents.incident",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="incidents.statement",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="incidents.release",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="incidents.round",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="incidents.version",
                    ),
                ),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("basis", "unsigned"),
                            models.Q(
                                ("round__isnull", False),
                                ("statement__isnull", False),
                                ("version__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="signed_publication_names_its_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("basis__in", ["signed", "break_glass", "oral", "unsigned"])
                        ),
                        name="publication_basis_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "unsigned"), _negated=True),
                            models.Q(("round", None), ("version", None)),
                            _connector="OR",
                        ),
                        name="unsigned_publication_has_no_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("basis__in", ["break_glass", "oral"]), ("release__isnull", False)
                            ),
                            models.Q(("basis__in", ["signed", "unsigned"]), ("release", None)),
                            _connector="OR",
                        ),
                        name="released_publication_names_its_release",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("basis", "unsigned"), _negated=True),
                        fields=("version", "channel"),
                        name="one_publication_per_channel",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("website", "website"),
                            ("press_release", "press release"),
                            ("x", "X"),
                            ("facebook", "Facebook"),
                            ("instagram", "Instagram"),
                            ("linkedin", "LinkedIn"),
                            ("tiktok", "TikTok"),
                            ("email", "e-mail"),
                            ("letter", "letter"),
                            ("sms", "SMS"),
                            ("video", "video"),
                            ("intranet", "intranet"),
                            ("telephone", "telephone"),
                        ],
                        max_length=16,
                        verbose_name="channel",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="what is promised")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("cadence", "from the cadence of the severity"),
                            ("statement", "announced in a statement"),
                            ("hand", "by hand"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("kept", "kept"),
                            ("missed", "missed"),
                            ("moved", "moved"),
                            ("cancelled", "cancelled"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="teams.audience",
                        verbose_name="audience",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="incidents.incident",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "moved_to",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_from",
                        to="incidents.promise",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "announced_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announced_promises",
                        to="incidents.publication",
                    ),
                ),
                (
                    "kept_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_promises",
                        to="incidents.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="incidents_p_state_399514_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "kept", "missed", "moved", "cancelled"])
                        ),
                        name="promise_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"), ("settled_at__isnull", False), _connector="OR"
                        ),
                        name="settled_promise_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("promise", "promised update"),
                            ("stage", "sign-off"),
                            ("role", "role to accept"),
                            ("release", "review or confirmation of a release"),
                        ],
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("planned_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("snoozed_until", models.DateTimeField(blank=True, null=True)),
                ("snooze_reason", models.TextField(blank=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due",
                        to="incidents.assignment",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues",
                        to="incidents.incident",
                    ),
                ),
                (
                    "promise",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due",
                        to="incidents.promise",
                    ),
                ),
                (
                    "release",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due",
                        to="incidents.release",
                    ),
                ),
                (
                    "stage",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due",
                        to="incidents.stage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("assignment", None),
                                ("kind", "promise"),
                                ("promise__isnull", False),
                                ("release", None),
                                ("stage", None),
                            ),
                            models.Q(
                                ("assignment", None),
                                ("kind", "stage"),
                                ("promise", None),
                                ("release", None),
                                ("stage__isnull", False),
                            ),
                            models.Q(
                                ("assignment__isnull", False),
                                ("kind", "role"),
                                ("promise", None),
                                ("release", None),
                                ("stage", None),
                            ),
                            models.Q(
                                ("assignment", None),
                                ("kind", "release"),
                                ("promise", None),
                                ("release__isnull", False),
                                ("stage", None),
                            ),
                            _connector="OR",
                        ),
                        name="due_has_one_subject",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=24)),
                ("series", models.PositiveSmallIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "due",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="incidents.due",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("dropped_at", None), ("taken_at", None)),
                        fields=["at"],
                        name="steps_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("due", "name", "series"), name="step_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="Statement",
            name="prepared_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="uses",
                to="incidents.version",
            ),
        ),
        migrations.AddField(
            model_name="Seat",
            name="carried_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried_to",
                to="incidents.decision",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
