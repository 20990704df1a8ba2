"""
The guards of the database (see `incidents.models.guards`) stood here first.

They speak of every table and column of today, so the last migration of guards installs them.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations: list[object] = []
