"""Soft rules as data; reviewers' adjustment lines, which the database lets nobody change."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bureau.fields
from bureau.trail.guards import guard, unguard
from indicators.guards import ADJUSTMENTS


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0006_deadlines_and_reopenings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SoftRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="代码")),
                (
                    "kind",
                    models.CharField(
                        choices=[("month", "比上月"), ("year", "比去年同月"), ("share", "占比")],
                        max_length=6,
                        verbose_name="类型",
                    ),
                ),
                (
                    "text",
                    models.CharField(
                        help_text="填报项代码，或 flow、stock、ytd（当期、期末、本年累计数），以空格分开；占比写作 D23 / D22",
                        max_length=120,
                        verbose_name="适用于",
                    ),
                ),
                (
                    "minimum",
                    bureau.fields.ValueField(
                        default=Decimal("30"), help_text="比它小的数不问；占比看总体", verbose_name="起问数"
                    ),
                ),
                (
                    "least",
                    bureau.fields.ValueField(
                        default=Decimal("20"),
                        help_text="变动不超过百分之几的不问；占比为百分点",
                        verbose_name="最小变动",
                    ),
                ),
                (
                    "deviations",
                    bureau.fields.ValueField(
                        default=Decimal("3.5"),
                        help_text="通常范围：自身历史的中位数 ± 这么多倍的稳健标准差",
                        verbose_name="允许倍数",
                    ),
                ),
                (
                    "history",
                    models.PositiveSmallIntegerField(
                        default=6, help_text="历史少于这么多个月时，只按倍数判断", verbose_name="最少历史"
                    ),
                ),
                (
                    "factor",
                    bureau.fields.ValueField(
                        blank=True,
                        default=Decimal("10"),
                        help_text="历史不足时，达到前数的这么多倍或只有其几分之一才问",
                        null=True,
                        verbose_name="倍数",
                    ),
                ),
                (
                    "low",
                    bureau.fields.ValueField(
                        blank=True, help_text="只用于占比；有上下限就不看历史", null=True, verbose_name="下限（百分之）"
                    ),
                ),
                ("high", bureau.fields.ValueField(blank=True, null=True, verbose_name="上限（百分之）")),
                ("basis", models.CharField(max_length=120, verbose_name="依据")),
            ],
            options={
                "verbose_name": "核实规则",
                "verbose_name_plural": "核实规则",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("submission", models.BigIntegerField(db_index=True)),
                ("area", models.IntegerField()),
                ("item", models.IntegerField()),
                ("category", models.IntegerField()),
                ("typed", bureau.fields.ValueField(verbose_name="填报数")),
                ("amount", bureau.fields.ValueField(verbose_name="调整数")),
                ("reason", models.TextField(verbose_name="原因")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="调整人",
                    ),
                ),
            ],
            options={
                "verbose_name": "审核调整",
                "verbose_name_plural": "审核调整",
                "ordering": ["pk"],
            },
        ),
        migrations.RunPython(guard(ADJUSTMENTS), unguard(ADJUSTMENTS)),
    ]
