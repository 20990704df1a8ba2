"""
Guards that a second hostile reading found missing: lines and prepared texts recorded as published,
texts called good to publish without a signature, people who are out of the room. All guards are
installed again.
"""

from django.db import migrations

from crisisdesk.kit import guards
from incidents.models.guards import GUARDS


def guard(apps, schema_editor):
    guards.install(schema_editor, GUARDS)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0010_guards_of_frames_and_releases")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
