"""Let the database refuse to rewrite the journal; fill the catalogue."""

from django.db import migrations

from crisisdesk.kit import guards
from teams.catalogue import AUDIENCES, FUNCTIONS, ROLES
from teams.models.guards import JOURNAL


def guard(apps, schema_editor):
    guards.install(schema_editor, JOURNAL)


def unguard(apps, schema_editor):
    guards.remove(schema_editor, JOURNAL)


def fill(apps, schema_editor):
    function, audience, role = (
        apps.get_model("teams", name) for name in ("Function", "Audience", "Role")
    )
    for order, (slug, en, fr) in enumerate(FUNCTIONS):
        function.objects.create(slug=slug, name_en=en, name_fr=fr, order=order)
    for order, (slug, en, fr, internal) in enumerate(AUDIENCES):
        audience.objects.create(
            slug=slug, name_en=en, name_fr=fr, is_internal=internal, order=order
        )
    for order, (slug, en, fr, duties_en, duties_fr) in enumerate(ROLES):
        role.objects.create(
            slug=slug,
            name_en=en,
            name_fr=fr,
            duties_en=duties_en,
            duties_fr=duties_fr,
            order=order,
        )


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]
    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
