"""Separate the administrators' duties in the database; accounts' sign-in state; papers that two people sign."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

ADMINISTRATORS = ("system_administrator", "security_administrator", "auditor")


def fill_duties(apps, schema_editor):
    """Give each account that holds grants its one duty; stops where one holds grants that must not meet."""
    Grant, Duty = apps.get_model("bureau", "Grant"), apps.get_model("bureau", "Duty")
    kinds = {}
    for user, role in Grant.objects.values_list("user_id", "role").distinct():
        kinds.setdefault(user, set()).add(role if role in ADMINISTRATORS else "business")
    mixed = sorted(user for user, held in kinds.items() if len(held) > 1)
    if mixed:
        raise RuntimeError(f"Accounts that hold an administrator's role beside another, end one of them first: {mixed}")
    for user, (kind,) in kinds.items():
        duty = Duty.objects.create(key=f"{user}:{kind}", user_id=user, kind=kind)
        Grant.objects.filter(user_id=user).update(duty=duty)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0003_audit_only_grows'),
    ]

    operations = [
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('key', models.CharField(max_length=48, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('business', '业务'), ('system_administrator', '系统管理员'), ('security_administrator', '安全管理员'), ('auditor', '审计员')], max_length=24, verbose_name='类别')),
            ],
            options={
                'verbose_name': '账号类别',
                'verbose_name_plural': '账号类别',
            },
        ),
        migrations.CreateModel(
            name='GrantRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('village_assistant', '村（社区）协理员'), ('town_clerk', '镇（街道）填报人'), ('town_checker', '镇（街道）初审人'), ('section_clerk', '科室填报人'), ('reviewer', '科室审核人'), ('leader', '领导小组'), ('office', '办公室'), ('system_administrator', '系统管理员'), ('security_administrator', '安全管理员'), ('auditor', '审计员')], max_length=24, verbose_name='角色')),
                ('from_date', models.DateField(blank=True, null=True, verbose_name='起')),
                ('to_date', models.DateField(blank=True, null=True, verbose_name='止')),
                ('reason', models.TextField(verbose_name='理由')),
                ('state', models.CharField(choices=[('proposed', '待会签'), ('signed', '已生效'), ('refused', '未同意'), ('withdrawn', '已撤回')], default='proposed', max_length=10, verbose_name='状态')),
                ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='会签时间')),
                ('decision_reason', models.TextField(blank=True, verbose_name='会签意见')),
            ],
            options={
                'verbose_name': '授权申请',
                'verbose_name_plural': '授权申请',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='移交日')),
                ('note', models.TextField(blank=True, verbose_name='说明')),
                ('absent', models.BooleanField(default=False, verbose_name='移交人不在岗')),
                ('state', models.CharField(choices=[('open', '待签'), ('signed', '已签，待移交日'), ('done', '已移交'), ('refused', '未同意'), ('withdrawn', '已撤回')], default='open', max_length=10, verbose_name='状态')),
                ('started_at', models.DateTimeField(verbose_name='发起时间')),
                ('giver_signed_at', models.DateTimeField(null=True)),
                ('receiver_signed_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_reason', models.TextField(blank=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('passed', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': '移交',
                'verbose_name_plural': '移交',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='UsedPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='user',
            name='last_address',
            field=models.GenericIPAddressField(blank=True, null=True, verbose_name='上次登录地址'),
        ),
        migrations.AddField(
            model_name='user',
            name='one_time_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='一次性密码有效至'),
        ),
        migrations.AddField(
            model_name='user',
            name='password_changed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='改密码时间'),
        ),
        migrations.AddField(
            model_name='user',
            name='sitting',
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='user_name_once_in_any_case'),
        ),
        migrations.AddField(
            model_name='duty',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='duty', to=settings.AUTH_USER_MODEL, verbose_name='账号'),
        ),
        migrations.AddField(
            model_name='grant',
            name='duty',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='bureau.duty'),
        ),
        migrations.RunPython(fill_duties, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='grant',
            name='duty',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='bureau.duty'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('duty', django.db.models.functions.text.Concat(django.db.models.functions.comparison.Cast('user_id', models.CharField()), models.Value(':'), models.Case(models.When(role__in=['system_administrator', 'security_administrator', 'auditor'], then=models.F('role')), default=models.Value('business'))))), name='grant_is_of_the_users_duty'),
        ),
        migrations.AddField(
            model_name='grantrequest',
            name='area',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.area', verbose_name='地方'),
        ),
        migrations.AddField(
            model_name='grantrequest',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会签人'),
        ),
        migrations.AddField(
            model_name='grantrequest',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人'),
        ),
        migrations.AddField(
            model_name='grantrequest',
            name='section',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.section', verbose_name='科室'),
        ),
        migrations.AddField(
            model_name='grantrequest',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grant_requests', to=settings.AUTH_USER_MODEL, verbose_name='账号'),
        ),
        migrations.AddField(
            model_name='handover',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='giver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers_given', to=settings.AUTH_USER_MODEL, verbose_name='移交人'),
        ),
        migrations.AddField(
            model_name='handover',
            name='giver_signed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='grants',
            field=models.ManyToManyField(related_name='+', to='bureau.grant', verbose_name='授权'),
        ),
        migrations.AddField(
            model_name='handover',
            name='receiver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers_received', to=settings.AUTH_USER_MODEL, verbose_name='接手人'),
        ),
        migrations.AddField(
            model_name='handover',
            name='started_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发起人'),
        ),
        migrations.AddField(
            model_name='usedpassword',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='used_passwords', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(('key', django.db.models.functions.text.Concat(django.db.models.functions.comparison.Cast('user_id', models.CharField()), models.Value(':'), 'kind'))), name='duty_is_named_by_user_and_kind'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['business', 'system_administrator', 'security_administrator', 'auditor'])), name='duty_is_of_a_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='grantrequest',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_by', models.F('user')), _negated=True), name='grant_request_by_another'),
        ),
        migrations.AddConstraint(
            model_name='grantrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'signed'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True), models.Q(('decided_by', models.F('user')), _negated=True)), _connector='OR'), name='grant_request_signed_by_a_third'),
        ),
        migrations.AddConstraint(
            model_name='grantrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'proposed')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='grant_request_decided_whole'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='handover_between_two'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'refused', 'withdrawn']), models.Q(('giver_signed_at__isnull', False), ('receiver_signed_at__isnull', False)), _connector='OR'), name='handover_signed_by_both'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(models.Q(('confirmed_by', models.F('giver')), _negated=True), models.Q(('confirmed_by', models.F('receiver')), _negated=True)), _connector='OR'), name='handover_confirmed_by_a_third'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'signed'])), fields=('giver',), name='handover_one_at_a_time'),
        ),
    ]
