from django.db import migrations, models

_FILL = (
    "INSERT INTO journal_missing (n, scope) SELECT e.n, e.flags >> 8 FROM journal_entry e"
    " LEFT JOIN journal_body b ON b.n = e.n"
    " WHERE e.head IS NULL OR (e.body_hash <> '' AND b.n IS NULL)"
)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Missing",
            fields=[
                ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                ("scope", models.IntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("chain", models.BigIntegerField(db_index=True)),
                ("seq", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
