"""Let the database itself keep the rules that must hold (see `incidents.models.guards`)."""

from django.db import migrations

from crisisdesk.kit import guards
from incidents.models.guards import GUARDS


def guard(apps, schema_editor):
    guards.install(schema_editor, GUARDS)


def unguard(apps, schema_editor):
    guards.remove(schema_editor, GUARDS)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
