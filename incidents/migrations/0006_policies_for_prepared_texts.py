"""Each policy begins a line of versions; prepared texts have policies of their own."""

import uuid

from django.db import migrations

from incidents.signoff.defaults import FOR_PREPARED_TEXTS


def fill(apps, _schema_editor):
    policy = apps.get_model("incidents", "Policy")
    for one in policy.objects.all():
        one.lineage = uuid.uuid4()
        one.save(update_fields=["lineage"])
    for wanted in FOR_PREPARED_TEXTS:
        policy.objects.create(team=None, **wanted)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_sign_off_in_depth")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
