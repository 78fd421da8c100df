from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kind", models.CharField(db_index=True, max_length=32)),
                ("actor", models.CharField(max_length=64)),
                ("state", models.CharField(max_length=16)),
                ("stage", models.TextField()),
                ("content", models.TextField()),
                ("changed_ms", models.BigIntegerField()),
            ],
        ),
    ]
