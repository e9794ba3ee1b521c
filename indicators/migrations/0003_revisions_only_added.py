"""Find an act's revisions by index, and have the database refuse any change of them."""

from django.db import migrations, models

from bureau.trail.guards import guard, unguard
from indicators.guards import REVISIONS


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0002_reporting_form_town_check"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["event"], name="revision_by_event"),
        ),
        migrations.RunPython(guard(REVISIONS), unguard(REVISIONS)),
    ]
