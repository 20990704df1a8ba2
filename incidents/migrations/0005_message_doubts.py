from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0004_default_policies"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="doubts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
