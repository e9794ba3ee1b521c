"""Settings of assessment: schemes (考核方案) and criteria (考核项), the office's; frozen periods keep their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import installation
from bureau.administration import SettingsAdmin, number_column
from bureau.authorization import Permission
from bureau.reasons import ReasonedForm
from tasks.models import Criterion, Scheme


class SchemeForm(ReasonedForm):
    """A scheme belongs to the county of the installation."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.county_id is None:
            self.instance.county = installation.county()
        others = Scheme.objects.filter(county=self.instance.county_id).exclude(pk=self.instance.pk)
        if others.filter(code=cleaned.get("code")).exists():
            self.add_error("code", _("已有这个代码的方案。"))
        return cleaned


@admin.register(Scheme)
class SchemeAdmin(SettingsAdmin):
    """考核方案. One no longer wanted is taken out of use; what was assessed by it stays."""

    needs = Permission.ASSESS
    form = SchemeForm
    fixed = ("code", "of")
    fields = (
        "code", "name", "name_en", "of", "from_year", "in_use", "excellent", "good", "passing", "least_share",
        "least_denominator", "standing",
    )  # fmt: skip
    list_display = ("name", "of", "from_year", "in_use", "standing")


class CriterionForm(ReasonedForm):
    """What is scored weighs something, what hands give nothing; the kind of a standing criterion is not on the form."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        weight, kind = cleaned.get("weight"), cleaned.get("kind") or self.instance.kind
        if weight is not None and ((kind == Criterion.Kind.MANUAL) != (weight == 0) or weight < 0):
            self.add_error("weight", _("权重须大于 0；加减分项的权重是 0。"))
        return cleaned


@admin.register(Criterion)
class CriterionAdmin(SettingsAdmin):
    """考核项. Weights are relative: what is scored adds up to 100 whatever they come to."""

    needs = Permission.ASSESS
    form = CriterionForm
    fixed = ("scheme", "code", "kind")
    fields = (
        "scheme", "order", "code", "name", "name_en", "kind", "weight", "full_from", "zero_below", "partial", "step",
        "late_share", "cap", "veto", "clause", "indicators", "tasks", "standing",
    )  # fmt: skip
    list_display = ("name", "scheme", "kind", number_column("weight", gettext_lazy("权重")), "veto", "standing")
    list_filter = ("scheme",)
    list_select_related = ("scheme",)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.widget.attrs["size"] = 8
        field.help_text = _("不选即计全部核心指标（或全部任务）；按住 Ctrl 可选几条")
        return field
