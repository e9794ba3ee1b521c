"""Keep an audit record's detail as canonical text, so that its code can be worked out again byte for byte."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bureau.trail.canonical


def write_canonically(apps, schema_editor):
    """The same values, written the one way; the codes of the chain were made over that text and stay right."""
    events = apps.get_model("bureau", "AuditEvent").objects
    for event in events.order_by("pk").iterator(chunk_size=2000):
        events.filter(pk=event.pk).update(detail=event.detail)


class Migration(migrations.Migration):
    dependencies = [
        ("bureau", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditevent",
            name="detail",
            field=bureau.trail.canonical.CanonicalJSONField(default=dict, verbose_name="内容"),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="人员",
            ),
        ),
        migrations.RunPython(write_canonically, migrations.RunPython.noop),
    ]
