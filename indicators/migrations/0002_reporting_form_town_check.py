"""A form may ask for the town's own check (初审) before the section's review."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="reportingform",
            name="town_check",
            field=models.BooleanField(
                default=False,
                help_text="提交后先由镇（街道）初审人核对，再由科室审核。",
                verbose_name="须经镇（街道）初审",
            ),
        ),
    ]
