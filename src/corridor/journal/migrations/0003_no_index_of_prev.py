from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_missing_and_leaves")]

    operations = [migrations.RemoveIndex("entry", "entry_prev")]
