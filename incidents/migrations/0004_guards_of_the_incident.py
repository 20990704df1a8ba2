"""
Guards that were missing: incidents themselves, and rows that are unique only in part of a table.

All guards are installed again, so that a database that stands gets what a new one has.
"""

from django.db import migrations

from crisisdesk.kit import guards
from incidents.models.guards import GUARDS


def guard(apps, schema_editor):
    guards.install(schema_editor, GUARDS)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_defaults")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
