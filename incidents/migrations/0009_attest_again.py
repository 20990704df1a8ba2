"""A translation is attested again when its master has changed."""

from django.db import migrations, models

from crisisdesk.kit import guards
from incidents.models.guards import GUARDS

ATTESTED = [guard for guard in GUARDS if guard.table == "incidents_attestation"]


def guard(apps, schema_editor):
    guards.install(schema_editor, ATTESTED)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0008_versions_by_fingerprint")]
    operations = [
        migrations.RemoveConstraint(model_name="attestation", name="one_attestation_per_reader"),
        migrations.AddConstraint(
            model_name="attestation",
            constraint=models.UniqueConstraint(
                fields=("version", "reader", "master_version"), name="one_attestation_per_reading"
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
