from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_no_index_of_prev")]

    operations = [
        migrations.CreateModel(
            name="inbox",
            fields=[
                ("n", models.BigAutoField(primary_key=True, serialize=False)),
                ("sender", models.TextField()),
                ("raw", models.BinaryField()),
            ],
        ),
    ]
