"""A signed publication is on a channel that was signed; a stricter circuit opens a round again."""

from django.db import migrations

from crisisdesk.kit import guards
from incidents.models.guards import GUARDS

CHANGED = ("incidents_publication_signed", "incidents_round_frozen")


def guard(apps, schema_editor):
    guards.install(schema_editor, [g for g in GUARDS if g.name in CHANGED])


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_default_rubric")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
