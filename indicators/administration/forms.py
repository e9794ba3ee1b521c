"""Forms of the catalogue's settings; what they check lies in rules.py, which the plan's files obey too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import months
from bureau.formfields import PointsField
from bureau.models import Area
from bureau.reasons import ReasonedForm
from indicators import subsidy_scheme
from indicators.administration import rules, usage
from indicators.analysis.goals import THRESHOLDS
from indicators.models import DataItem, IndicatorVersion, Reading, Target
from indicators.plandata import indicator


class CheckedForm(ReasonedForm):
    """A form whose code is of one kind (`kind_of_code`) and whose other rules come as pairs (field, problem)."""

    kind_of_code = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        problem = rules.code_problem(self.kind_of_code, cleaned["code"]) if cleaned.get("code") else ""
        if problem:
            self.add_error("code", problem)
        if not self.errors:
            self.add(self.problems(cleaned))
        return cleaned

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        """What else is wrong; asked only where every field by itself is right."""
        return ()

    def add(self, problems: Iterable[rules.Problem]) -> None:
        for field, problem in problems:
            self.add_error(field if field in self.fields else None, problem)

    def value_of(self, name: str) -> Any:
        """What is typed, or what stands where the field is not changed any more."""
        return self.cleaned_data[name] if name in self.fields else getattr(self.instance, name)


_SOFT_RULE = (
    "code", "kind", "text", "minimum", "least", "deviations", "history", "factor", "low", "high", "basis",
)  # fmt: skip


class BreakdownForm(CheckedForm):
    kind_of_code = "breakdown"


class CategoryFormSet(BaseInlineFormSet):
    """A breakdown has two categories or more; those already entered stay."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        gone = [one.instance for one in self.forms if one.cleaned_data.get("DELETE") and one.instance.pk]
        kept = [one for one in self.forms if one.cleaned_data and not one.cleaned_data.get("DELETE")]
        fresh = [one for one in kept if one.instance.pk is None]
        if len(kept) < 2:
            raise ValidationError(_("分组至少要有两个类别。"))
        if self.instance.pk and (gone or fresh) and usage.breakdown_entered(self.instance):
            raise ValidationError(_("这个分组已有填报数，类别不能增减；请另建分组和填报项。"))


class ItemForm(CheckedForm):
    kind_of_code = "item"
    counts_levels = forms.MultipleChoiceField(
        label=gettext_lazy("计数层级"),
        choices=Area.Level.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只有按区划自动计数的项才选"),
    )

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        item = {name: self.value_of(name) for name in _ITEM}
        yield from rules.item_problems(item)
        first, last = cleaned.get("from_month"), cleaned.get("to_month")
        if first is not None and last is not None and last < first:
            yield "to_month", _("停用月早于启用月")
        yield from self._months_with_figures(first, last)
        touched = [name for name in ("kind", "breakdown", "automatic") if name in self.changed_data]
        if self.instance.pk and touched and usage.item_entered(self.instance):
            yield touched[0], _("这一项已有填报数，类型、分组不能再改；口径真的变了，请另建一项。")

    def _months_with_figures(self, first: int | None, last: int | None) -> Iterable[rules.Problem]:
        """Figures that stand are not put out of use."""
        entered = usage.months_entered(self.instance) if self.instance.pk else None
        if entered is None:
            return
        if first is not None and entered[0] < first:
            yield "from_month", _("%(month)s 已有填报数，启用月不能晚于它。") % {"month": months.iso(entered[0])}
        if last is not None and last < entered[1]:
            yield "to_month", _("%(month)s 已有填报数，停用月不能早于它。") % {"month": months.iso(entered[1])}


_ITEM = tuple(
    "code name name_en unit kind decimals breakdown automatic counts_levels definition source standing".split()
)


class ColumnFormSet(BaseInlineFormSet):
    """The columns of an item or of a form: a column with figures stays; an item that is typed stands somewhere."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        for one in self.forms:
            if one.instance.pk and (
                one.cleaned_data.get("DELETE") or {"level", "form", "item"} & set(one.changed_data)
            ):
                standing = type(one.instance).objects.select_related("item", "form").get(pk=one.instance.pk)
                if usage.column_entered(standing):
                    raise ValidationError(
                        _("“%(column)s”已有填报数，不能删除或移走；不再填报的，请在填报项上写停用月。")
                        % {"column": f"{standing.form.name} {standing.item}"}
                    )
        if isinstance(self.instance, DataItem):
            self._stands_somewhere()

    def _stands_somewhere(self) -> None:
        kept = [one for one in self.forms if one.cleaned_data and not one.cleaned_data.get("DELETE")]
        if self.instance.automatic and kept:
            raise ValidationError(_("自动计数的填报项不填报，不能放进报表。"))
        if not self.instance.automatic and not kept:
            raise ValidationError(_("填报项至少要放进一张报表：选报表和行层级。"))


class ColumnForm(forms.ModelForm):
    """One column: the rows of a county form are the county's, of a town form the town's or its villages'."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        form = cleaned.get("form") or getattr(self.instance, "form", None)
        level = cleaned.get("level")
        if form is not None and level and (form.submitted_by == "county") != (level == Area.Level.COUNTY):
            self.add_error("level", _("县级科室报表的行是县，镇街报表的行是镇街或村。"))
        item = cleaned.get("item")
        if item is not None and item.automatic:
            self.add_error("item", _("自动计数的填报项不填报，不能放进报表。"))
        return cleaned


class ReportingFormForm(CheckedForm):
    kind_of_code = "form"

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        if "submitted_by" in self.changed_data and self.instance.pk and self.instance.submissions.exists():
            yield "submitted_by", _("这张报表已有报送，填报层级不能再改。")


class RuleForm(CheckedForm):
    kind_of_code = "rule"

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        yield from rules.rule_problems(cleaned["text"])


class SoftRuleForm(CheckedForm):
    kind_of_code = "soft rule"

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        yield from rules.soft_rule_problems({name: self.value_of(name) for name in _SOFT_RULE})


class ParameterForm(CheckedForm):
    kind_of_code = "parameter"

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        others = (
            type(self.instance)
            .objects.filter(code=self.value_of("code"), in_use=True, valid_from=self.value_of("valid_from"))
            .exclude(pk=self.instance.pk)
        )
        if cleaned.get("in_use") and others.exists():
            yield "valid_from", _("同一天已有采用的值；先把原值改为不采用，或写另一个启用日期。")
        senseless = subsidy_scheme.value_problem(self.value_of("code"), cleaned["value"]) if "value" in cleaned else ""
        if senseless:
            yield "value", senseless


class IndicatorForm(CheckedForm):
    """An indicator; its number is the code without the letter of the measure."""

    kind_of_code = "indicator"

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        code, number = self.value_of("code"), self.value_of("number")
        if not code.startswith(number):
            yield "number", _("代码 %(code)s 不属于编号 %(number)s") % {"code": code, "number": number}
        if cleaned["core"] != code.startswith("A"):
            yield "core", _("A 开头的是核心指标，B 开头的是监测指标")


class ReadingForm(CheckedForm):
    """A reading; it becomes the official one by a decision with its day, meeting and document."""

    def clean(self) -> dict[str, Any]:
        self.instance.takes_over = False
        return super().clean()

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        yield from rules.potential_problems(cleaned.get("potential", ""))
        if "official" not in self.fields:
            return
        others = Reading.objects.filter(indicator=self.value_of("indicator")).exclude(pk=self.instance.pk)
        before = others.filter(official=True).first()
        standing = before is not None
        if not cleaned["official"]:
            if "official" in self.changed_data or not standing:
                yield "official", _("每个指标须有一个正式读法：改读法时，到另一个读法上选它为正式。")
            return
        decision = ("decided_on", "decided_by", "document")
        if standing or any(cleaned.get(name) for name in decision):
            for name in decision:
                if not cleaned.get(name):
                    yield name, _("换正式读法须写明决定的日期、会议和文件。")
        if standing and (self.instance.pk is None or not self.instance.versions.current().exists()):
            yield "official", _("这个读法还没有口径版本，不能定为正式；先新增口径版本。")
        self.instance.takes_over = standing
        self.cleaned_data["taken_from"] = before.name if before is not None else ""


class VersionForm(CheckedForm):
    """The formulas of a reading from a month on."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reason") and "reason" in {one.name for one in self.instance._meta.fields}:
            self.instance.reason = cleaned["reason"]
        return cleaned

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        yield from rules.formula_problems(cleaned)
        yield from self._sequence(cleaned)

    def _sequence(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        reading, kind, month = self.value_of("reading"), cleaned["kind"], cleaned["from_month"]
        others = IndicatorVersion.objects.current().filter(reading=reading).exclude(pk=self.instance.pk)
        first = others.order_by("from_month").first()
        if first is None:
            if kind != IndicatorVersion.Kind.FIRST:
                yield "kind", _("这个读法还没有口径，第一个版本的性质是首版。")
            return
        if kind == IndicatorVersion.Kind.FIRST:
            yield "kind", _("这个读法已有口径，新版本的性质是更正或变更。")
        elif kind == IndicatorVersion.Kind.CHANGE and month <= first.from_month:
            yield "from_month", _("变更须晚于首版的起始月 %(month)s。") % {"month": months.iso(first.from_month)}
        elif kind == IndicatorVersion.Kind.CHANGE and others.filter(from_month=month).exists():
            yield "from_month", _("从这个月起已有一个版本；改错用更正，口径变了换一个起始月。")


class TargetForm(CheckedForm):
    """A target; thresholds may be taken from a preset, a path given month by month as plain numbers."""

    points = PointsField(
        label=gettext_lazy("路径节点"),
        required=False,
        help_text=gettext_lazy(
            "路径为“逐月或按给定节点”时填：每行一个节点，如 2016-12 = 90；或只写数，每月一个，写满目标期，可从表格粘贴"
        ),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    thresholds = forms.ChoiceField(
        label=gettext_lazy("亮灯档次"),
        required=False,
        choices=[
            ("", gettext_lazy("自定（以下两栏）")),
            ("plan", gettext_lazy("默认：落后 5、15 个百分点")),
            ("yinchuan", gettext_lazy("银川：落后 10、30 个百分点")),
        ],
        help_text=gettext_lazy("选了档次，以下两栏以它为准"),
    )

    def clean(self) -> dict[str, Any]:
        preset = THRESHOLDS.get(self.data.get(self.add_prefix("thresholds"), ""))
        if preset is not None:
            self.cleaned_data |= dict(zip(("behind", "far_behind"), map(Decimal, preset), strict=True))
            self.errors.pop("behind", None)
            self.errors.pop("far_behind", None)
        self._months_of_points()
        return super().clean()

    def _months_of_points(self) -> None:
        """Plain numbers, one for each month of the target's."""
        points = self.cleaned_data.get("points") or []
        if not any(month is None for month, _value in points):
            return
        first, last = self.cleaned_data.get("start_month"), self.cleaned_data.get("end_month")
        if first is None or last is None:
            return
        due = last - first + 1
        if len(points) != due:
            told = _("目标期 %(due)d 个月，填了 %(n)d 个数；每月一个，或写成 2016-12 = 90。")
            self.add_error("points", told % {"due": due, "n": len(points)})
            return
        self.cleaned_data["points"] = [[first + place, value] for place, (_month, value) in enumerate(points)]

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        found = {name: self.value_of(name) for name in _TARGET}
        reading, area = self.value_of("reading"), self.value_of("area")
        others = Target.objects.filter(reading=reading, area=area).exclude(pk=self.instance.pk)
        yield from rules.target_problems(found, others)
        if not rules.within_plan(found["start_month"], found["end_month"]):
            yield "end_month", _("目标期须在试点期内。")
        if cleaned["far_behind"] < cleaned["behind"]:
            yield "far_behind", _("严重滞后起点不能小于滞后起点。")
        if (cleaned.get("base_value") is None) != (cleaned.get("base_month") is None):
            yield "base_month", _("起点值和起点月须同时填，或同时留空。")
        if found["path"] == Target.Path.SEASON and not self._adds_up(reading):
            yield "path", indicator.SEASON_OF_FLOWS
        if "value" in self.changed_data and self.instance.pk and area.level == Area.Level.TOWN:
            yield from self._shared(reading, area)

    @staticmethod
    def _adds_up(reading: Reading) -> bool:
        version = IndicatorVersion.objects.current().filter(reading=reading).order_by("-from_month").first()
        return version is not None and indicator.adds_up(version.window, version.denominator)

    def _shared(self, reading: Reading, area: Area) -> Iterable[rules.Problem]:
        """A town's share is changed where all of them are, so that they go on adding up."""
        end = self.instance.end_month
        county = Target.objects.filter(reading=reading, area=area.home, end_month=end, value__isnull=False)
        if county.exists():
            yield "value", _("这是分解到镇（街道）的目标；请在“目标分解”里改，使各镇合计仍等于全县。")


_TARGET = tuple(
    "start_month end_month comparator value tolerance path points yearly_check limit_days clause standing note".split()
)
