"""The rubric that an installation starts with: version 1, of no team."""

import json
from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

SHIPPED = Path(__file__).parents[1] / "severity" / "rubric.json"


def fill(apps, _schema_editor):
    apps.get_model("incidents", "Rubric").objects.create(
        team=None,
        version=1,
        body=json.loads(SHIPPED.read_text(encoding="utf-8")),
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        created_by=None,
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_message_doubts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
