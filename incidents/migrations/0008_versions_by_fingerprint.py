"""Find an older version of the same text without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0007_guards")]
    operations = [
        migrations.AddIndex(
            model_name="version",
            index=models.Index(fields=["statement", "fingerprint"], name="versions_by_fingerprint"),
        ),
    ]
