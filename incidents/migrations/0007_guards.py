"""Let the database itself keep the rules that must hold (see `incidents.models.guards`)."""

from django.db import migrations, models

from crisisdesk.kit import guards
from incidents.models.guards import GUARDS


def guard(apps, schema_editor):
    guards.install(schema_editor, GUARDS)


def unguard(apps, schema_editor):
    guards.remove(schema_editor, GUARDS)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_policies_for_prepared_texts")]
    operations = [
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                fields=("lineage", "version"), name="policy_versions_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                fields=("lineage",),
                condition=models.Q(is_active=True),
                name="one_active_policy_version",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
