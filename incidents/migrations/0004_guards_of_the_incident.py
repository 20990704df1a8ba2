"""Guards of incidents stood here first; the last migration of guards installs all of them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_defaults")]
    operations: list[object] = []
