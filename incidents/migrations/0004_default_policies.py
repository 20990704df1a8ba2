"""The approval policies that an installation starts with."""

from django.db import migrations

from incidents.signoff.defaults import POLICIES


def fill(apps, schema_editor):
    policy = apps.get_model("incidents", "Policy")
    for one in POLICIES:
        policy.objects.create(team=None, **one)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_guards")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
