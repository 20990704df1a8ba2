"""
Write down that people read the language of their pages, which used to count by itself.

From here on only what is on record counts: switching the language of a page opens no sign-off.
"""

from django.db import migrations, models


def fill(apps, schema_editor):
    for person in apps.get_model("teams", "User").objects.all():
        if person.language not in person.reads:
            person.reads = [person.language, *person.reads]
            person.save(update_fields=["reads"])


class Migration(migrations.Migration):
    dependencies = [("teams", "0004_functions_of_roles")]
    operations = [
        migrations.AlterField(
            model_name="user",
            name="reads",
            field=models.JSONField(blank=True, default=list, verbose_name="reads"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
