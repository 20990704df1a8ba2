"""The approval policies and the rubric that an installation starts with."""

import json
from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

from incidents.signoff.defaults import POLICIES

RUBRIC = Path(__file__).parents[1] / "severity" / "rubric.json"


def fill(apps, _schema_editor):
    policy = apps.get_model("incidents", "Policy")
    for one in POLICIES:
        policy.objects.create(team=None, **one)
    apps.get_model("incidents", "Rubric").objects.create(
        team=None,
        version=1,
        body=json.loads(RUBRIC.read_text(encoding="utf-8")),
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        created_by=None,
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_guards")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
