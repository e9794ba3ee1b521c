"""Settings of the plan and the catalogue; the classes lie in indicators/administration/."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from indicators.administration import consequences, equality, figures, items, measures, outline, periods
from indicators.models import DataItem, Indicator, IndicatorVersion, Target

__all__ = ["consequences", "equality", "figures", "items", "measures", "outline", "periods"]

admin.site.steps += [
    ("indicators_dataitem_add", _("填报项"), _("要填的数：名称、单位、口径，放进哪张报表、在哪一级填"), DataItem),
    ("indicators_indicator_add", _("指标"), _("名称、责任科室、条款，连同公式和全县目标，一页填完"), Indicator),
    ("indicators_target_add", _("更多目标"), _("分年的目标、镇街的分解，逐条加"), Target),
    ("indicators_indicatorversion_add", _("以后改口径"), _("从某月起新增一个版本；发布过的月份不变"), IndicatorVersion),
]
