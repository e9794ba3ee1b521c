"""Index the audit trail for its page, and have the database refuse any change of it."""

from django.db import migrations, models

from bureau.trail.guards import AUDIT, guard, unguard


class Migration(migrations.Migration):
    dependencies = [
        ("bureau", "0002_audit_detail_as_text"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["by", "sequence"], name="audit_by_person"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["act", "sequence"], name="audit_by_act"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["address", "sequence"], name="audit_by_address"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["at"], name="audit_by_time"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("succeeded", False)), fields=["sequence"], name="audit_refused"
            ),
        ),
        migrations.RunPython(guard(*AUDIT), unguard(*AUDIT)),
    ]
