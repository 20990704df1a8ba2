"""Who handed a sign-off to whom, and who was away, stays known: ended, never rewritten."""

from django.db import migrations

from crisisdesk.kit import guards
from teams.models.guards import GUARDS


def guard(apps, schema_editor):
    guards.install(schema_editor, GUARDS)


class Migration(migrations.Migration):
    dependencies = [("teams", "0005_reads_on_record")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
