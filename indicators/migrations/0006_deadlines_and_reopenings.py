"""Deadlines as data, late periods opened again, reminders sent; when a form was first handed in."""

import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def first_handed_in(apps, schema_editor):
    """What stands handed in was so at its last moment; under a business date the stamps are of another time."""
    Installation, Submission = apps.get_model("bureau", "Installation"), apps.get_model("indicators", "Submission")
    if not Installation.objects.filter(business_date__isnull=False).exists():
        standing = Submission.objects.exclude(state="draft", approved_version=0)
        standing.update(handed_in_at=models.F("submitted_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0005_workdays'),
        ('indicators', '0005_targets_and_readings_dated'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='submission',
            name='handed_in_at',
            field=models.DateTimeField(null=True, verbose_name='首次提交'),
        ),
        migrations.RunPython(first_handed_in, migrations.RunPython.noop, elidable=True),
        migrations.CreateModel(
            name='DeadlineRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_month', models.SmallIntegerField(unique=True, verbose_name='自哪个月的报表起')),
                ('village_day', models.PositiveSmallIntegerField(default=3, verbose_name='村（社区）填报日')),
                ('town_day', models.PositiveSmallIntegerField(default=5, verbose_name='镇（街道）、科室填报日')),
                ('review_day', models.PositiveSmallIntegerField(default=8, verbose_name='科室审核日')),
                ('bulletin_day', models.PositiveSmallIntegerField(default=15, verbose_name='通报日')),
                ('at', models.TimeField(default=datetime.time(17, 0), verbose_name='截止时刻')),
                ('open_workdays', models.PositiveSmallIntegerField(default=5, help_text='从镇（街道）填报日起算；过后停止填报，须申请补报。', verbose_name='逾期后仍可填报的工作日')),
            ],
            options={
                'verbose_name': '报送期限',
                'verbose_name_plural': '报送期限',
                'ordering': ['from_month'],
                'constraints': [models.CheckConstraint(condition=models.Q(('village_day__gte', 1), ('town_day__gt', models.F('village_day')), ('review_day__gt', models.F('town_day')), ('bulletin_day__gt', models.F('review_day')), ('bulletin_day__lte', 28)), name='deadlines_follow_each_other'), models.CheckConstraint(condition=models.Q(('open_workdays__lte', 20)), name='deadlines_close_within_a_month')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='日期')),
                ('lines', models.PositiveSmallIntegerField(verbose_name='事项数')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='发出时间')),
                ('problem', models.CharField(blank=True, max_length=200, verbose_name='未发出的原因')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='收件人')),
            ],
            options={
                'verbose_name': '催报',
                'verbose_name_plural': '催报',
                'ordering': ['-on', 'user'],
                'constraints': [models.UniqueConstraint(fields=('user', 'on'), name='reminder_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Reopening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.SmallIntegerField(verbose_name='月份')),
                ('state', models.CharField(choices=[('asked', '待批'), ('granted', '已批准'), ('refused', '未批准'), ('withdrawn', '已撤回')], default='asked', max_length=10, verbose_name='状态')),
                ('reason', models.TextField(verbose_name='理由')),
                ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                ('expires_on', models.DateField(verbose_name='开放到')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='批准时间')),
                ('decision_reason', models.TextField(blank=True, verbose_name='意见')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.reportingform', verbose_name='报表')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.area', verbose_name='填报单位')),
            ],
            options={
                'verbose_name': '补报申请',
                'verbose_name_plural': '补报申请',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['form', 'place', 'month'], name='reopening_of_a_sheet')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['granted', 'refused']), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='reopening_decided_by_another'), models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('form', 'place', 'month'), name='reopening_asked_once')],
            },
        ),
    ]
