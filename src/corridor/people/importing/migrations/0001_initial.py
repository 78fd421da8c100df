"""What lists brought."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField(unique=True)),
                ("identity", models.TextField()),
                ("source", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="importing.importrun"
                    ),
                ),
                ("what", models.CharField(max_length=1)),
                ("key", models.BinaryField(db_index=True)),
                ("names", models.BinaryField()),
                ("content", models.BinaryField()),
                ("subject", models.TextField(db_index=True)),
            ],
        ),
    ]
