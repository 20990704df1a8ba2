"""Say which function the shipped roles belong to; what the house renamed or removed is left."""

from django.db import migrations

from teams.catalogue import ROLE_FUNCTIONS


def fill(apps, schema_editor):
    role, function = (apps.get_model("teams", name) for name in ("Role", "Function"))
    functions = {one.slug: one for one in function.objects.all()}
    for slug, wanted in ROLE_FUNCTIONS.items():
        if wanted in functions:
            role.objects.filter(slug=slug, function=None).update(function=functions[wanted])


class Migration(migrations.Migration):
    dependencies = [("teams", "0003_absence_and_hand_over")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
