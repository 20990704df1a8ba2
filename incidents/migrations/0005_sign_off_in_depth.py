"""Policies with versions, releases, discussion, facts, approvers from outside."""

import django.db.models.deletion
import incidents.models.signoff
import uuid
from django.conf import settings
from django.db import migrations, models

from crisisdesk.kit import guards
from incidents.models.guards import GUARDS


def unguard(apps, schema_editor):
    guards.remove(schema_editor, GUARDS)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("incidents", "0004_guards_of_the_incident"),
        ("teams", "0003_absence_and_hand_over"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Tables are rebuilt below; what guards them is installed again by 0007.
        migrations.RunPython(unguard, migrations.RunPython.noop),
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
            ],
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
            ],
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
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
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
            ],
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
            ],
            options={
                "verbose_name": "external approver",
                "verbose_name_plural": "external approvers",
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
            ],
            options={
                "verbose_name": "fact",
                "verbose_name_plural": "facts",
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
            ],
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
            ],
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
            ],
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
            ],
            options={
                "verbose_name": "release",
                "verbose_name_plural": "releases",
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
            ],
            options={
                "abstract": False,
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
            ],
            options={
                "abstract": False,
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
            ],
            options={
                "verbose_name": "suggestion",
                "verbose_name_plural": "suggestions",
            },
        ),
        migrations.AlterModelOptions(
            name="statement",
            options={
                "default_permissions": ("view",),
                "permissions": (("sign_statement", "Can sign this statement"),),
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
            },
        ),
        migrations.RemoveConstraint(
            model_name="due",
            name="due_has_one_subject",
        ),
        migrations.RemoveConstraint(
            model_name="publication",
            name="signed_publication_names_its_round",
        ),
        migrations.RemoveConstraint(
            model_name="publication",
            name="publication_basis_known",
        ),
        migrations.RemoveConstraint(
            model_name="publication",
            name="unsigned_publication_has_no_round",
        ),
        migrations.RemoveConstraint(
            model_name="publication",
            name="one_publication_per_channel",
        ),
        migrations.RemoveConstraint(
            model_name="round",
            name="one_living_round_per_version",
        ),
        migrations.RemoveConstraint(
            model_name="round",
            name="round_outcome_known",
        ),
        migrations.RemoveConstraint(
            model_name="statement",
            name="statement_status_known",
        ),
        migrations.AddField(
            model_name="decision",
            name="capacity",
            field=models.CharField(
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
        migrations.AddField(
            model_name="decision",
            name="screen",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="draft",
            name="attachments",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="draft",
            name="values",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="incident",
            name="is_library",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="policy",
            name="allows_break_glass",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="policy",
            name="allows_typo",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="policy",
            name="always",
            field=models.JSONField(default=incidents.models.signoff.always_asked),
        ),
        migrations.AddField(
            model_name="policy",
            name="changed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="policy",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="lineage",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddField(
            model_name="policy",
            name="source",
            field=models.CharField(
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
        migrations.AddField(
            model_name="seat",
            name="carried_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried_to",
                to="incidents.decision",
            ),
        ),
        migrations.AddField(
            model_name="seat",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="corrects",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="incidents.statement",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="master",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="translations",
                to="incidents.statement",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="prepared_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="uses",
                to="incidents.version",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="supersedes",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="incidents.statement",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="master_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="translated_as",
                to="incidents.version",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="values",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="due",
            name="kind",
            field=models.CharField(
                choices=[
                    ("promise", "promised update"),
                    ("stage", "sign-off"),
                    ("role", "role to accept"),
                    ("release", "review or confirmation of a release"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="publication",
            name="basis",
            field=models.CharField(
                choices=[
                    ("signed", "signed"),
                    ("break_glass", "break-glass release"),
                    ("oral", "oral agreement"),
                    ("unsigned", "without sign-off"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="round",
            name="outcome",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="seat",
            name="role",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="teams.role",
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="kind",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="statement",
            name="status",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="version",
            name="kind",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_library", True)),
                fields=("team",),
                name="one_library_per_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome__in", ["open", "approved", "released"])),
                fields=("version",),
                name="one_living_round_per_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["open", "approved", "changes", "refused", "void", "released"])
                ),
                name="round_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                fields=("stage", "person"), name="seat_once_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person", None), ("role__isnull", False)),
                    models.Q(("person__isnull", False), ("role", None)),
                    _connector="OR",
                ),
                name="seat_asks_a_role_or_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["draft", "in_signoff", "good", "published", "superseded", "withdrawn"],
                    )
                ),
                name="statement_status_known",
            ),
        ),
        migrations.AddField(
            model_name="attestation",
            name="master_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="incidents.version",
            ),
        ),
        migrations.AddField(
            model_name="attestation",
            name="reader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attestation",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attestations",
                to="incidents.version",
            ),
        ),
        migrations.AddField(
            model_name="citation",
            name="cited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="citation",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="citations",
                to="incidents.statement",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="parent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="incidents.comment",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="resolved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="incidents.statement",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="incidents.version",
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="excluded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exclusions",
                to="incidents.incident",
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="externalapprover",
            name="invited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="externalapprover",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="externals",
                to="incidents.statement",
            ),
        ),
        migrations.AddField(
            model_name="externalapprover",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="fact",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="facts",
                to="incidents.incident",
            ),
        ),
        migrations.AddField(
            model_name="fact",
            name="noted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="citation",
            name="fact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="citations",
                to="incidents.fact",
            ),
        ),
        migrations.AddField(
            model_name="factchange",
            name="changed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="factchange",
            name="fact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="history",
                to="incidents.fact",
            ),
        ),
        migrations.AddField(
            model_name="keptdraft",
            name="edited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="keptdraft",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="kept_drafts",
                to="incidents.statement",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="presences",
                to="incidents.statement",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="approver",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="owed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="released_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="releases",
                to="incidents.round",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="seat",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="releases",
                to="incidents.seat",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="settled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="releases",
                to="incidents.version",
            ),
        ),
        migrations.AddField(
            model_name="due",
            name="release",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="due",
                to="incidents.release",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="release",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="incidents.release",
            ),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=models.CheckConstraint(
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
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis__in", ["signed", "break_glass", "oral", "unsigned"])),
                name="publication_basis_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis", "unsigned"), _negated=True),
                    models.Q(("round", None), ("version", None)),
                    _connector="OR",
                ),
                name="unsigned_publication_has_no_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis__in", ["break_glass", "oral"]), ("release__isnull", False)),
                    models.Q(("basis__in", ["signed", "unsigned"]), ("release", None)),
                    _connector="OR",
                ),
                name="released_publication_names_its_release",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("basis", "unsigned"), _negated=True),
                fields=("version", "channel"),
                name="one_publication_per_channel",
            ),
        ),
        migrations.AddField(
            model_name="statementgrouppermission",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="incidents.statement"
            ),
        ),
        migrations.AddField(
            model_name="statementgrouppermission",
            name="group",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group"),
        ),
        migrations.AddField(
            model_name="statementgrouppermission",
            name="permission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
            ),
        ),
        migrations.AddField(
            model_name="statementuserpermission",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="incidents.statement"
            ),
        ),
        migrations.AddField(
            model_name="statementuserpermission",
            name="permission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
            ),
        ),
        migrations.AddField(
            model_name="statementuserpermission",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="settled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="suggestions",
                to="incidents.statement",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="suggestions",
                to="incidents.version",
            ),
        ),
        migrations.AddConstraint(
            model_name="attestation",
            constraint=models.UniqueConstraint(
                fields=("version", "reader"), name="one_attestation_per_reader"
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("incident", "user"),
                name="one_exclusion_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalapprover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("statement", "user"),
                name="one_external_invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalapprover",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("invited_at"))),
                name="external_ends_after_invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.UniqueConstraint(
                fields=("incident", "number"), name="fact_numbers_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["unconfirmed", "confirmed", "refuted"])),
                name="fact_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="citation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("fact", "statement"),
                name="cited_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="factchange",
            constraint=models.UniqueConstraint(
                fields=("fact", "number"), name="fact_change_numbers_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="keptdraft",
            constraint=models.UniqueConstraint(fields=("statement", "revision"), name="kept_once"),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(
                fields=("statement", "user"), name="one_presence_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approver", None), ("form", "break_glass"), ("seat", None)),
                    models.Q(
                        ("approver__isnull", False), ("form", "oral"), ("seat__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="release_form_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "reviewed", "confirmed", "denied"])),
                name="release_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="release_gives_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                condition=models.Q(("form", "break_glass")),
                fields=("round",),
                name="one_break_glass_per_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                fields=("seat",), name="one_oral_agreement_per_seat"
            ),
        ),
        migrations.AlterUniqueTogether(
            name="statementgrouppermission",
            unique_together={("group", "permission", "content_object")},
        ),
        migrations.AlterUniqueTogether(
            name="statementuserpermission",
            unique_together={("user", "permission", "content_object")},
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("state", "open")),
                    models.Q(
                        ("settled_at__isnull", False),
                        ("state__in", ["adopted", "declined", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="suggestion_state_known",
            ),
        ),
    ]
