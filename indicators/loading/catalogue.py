"""What staff enter into its tables: breakdowns, data items, balance rules, forms and their columns."""

from __future__ import annotations

from indicators import models
from indicators.analysis.kinds import Level
from indicators.loading.loader import Loader, Wanted
from indicators.loading.rows import Rows
from indicators.plandata import PlanData
from indicators.plandata.catalogue import Form


def load_items(loader: Loader, data: PlanData, rows: Rows) -> None:
    """Breakdowns with their categories, data items, balance rules and soft rules."""
    breakdowns = loader.sync(
        models.Breakdown,
        (Wanted(b.code, {"code": b.code}, {"name": b.name, "name_en": b.name_en}) for b in data.catalogue.breakdowns),
    )
    loader.sync(
        models.Category,
        (
            Wanted(
                f"{b.code}/{category.code}",
                {"breakdown": breakdowns[b.code], "code": category.code},
                {"name": category.name, "name_en": category.name_en, "order": order},
            )
            for b in data.catalogue.breakdowns
            for order, category in enumerate(b.categories, start=1)
        ),
    )
    rows.items = loader.sync(
        models.DataItem,
        (
            Wanted(
                item.code,
                {"code": item.code},
                {
                    "name": item.name,
                    "name_en": item.name_en,
                    "unit": item.unit,
                    "kind": item.kind.value,
                    "decimals": item.decimals,
                    "breakdown": breakdowns.get(item.breakdown or ""),
                    "automatic": item.auto,
                    "counts_levels": [level.value for level in item.counts_levels],
                    "definition": item.definition,
                    "source": item.source,
                    "standing": item.standing.value,
                    "order": order,
                },
            )
            for order, item in enumerate(data.items, start=1)
        ),
    )
    loader.sync(
        models.BalanceRule,
        (Wanted(r.code, {"code": r.code}, {"text": r.expr, "basis": r.basis}) for r in data.rules.rules),
    )
    loader.sync(
        models.SoftRule,
        (Wanted(r.code, {"code": r.code}, r.model_dump(exclude={"code"})) for r in data.rules.soft),
    )


def load_forms(loader: Loader, data: PlanData, rows: Rows) -> None:
    forms = loader.sync(
        models.ReportingForm,
        (
            Wanted(
                form.code,
                {"code": form.code},
                {
                    "number": form.number,
                    "name": form.name,
                    "name_en": form.name_en,
                    "section": rows.sections[form.section],
                    "submitted_by": "town" if form.submitted_at == Level.TOWN else "county",
                    "notes": form_notes(form),
                    "order": order,
                },
            )
            for order, form in enumerate(data.forms, start=1)
        ),
    )
    loader.sync(
        models.FormItem,
        (
            Wanted(
                f"{column.item}/{level.value}",
                {"item": rows.items[column.item], "level": level.value},
                {"form": forms[form.code], "order": order},
            )
            for form in data.forms
            for order, column in enumerate(form.items, start=1)
            for level in column.levels
        ),
    )


def form_notes(form: Form) -> str:
    """The heading facts of a form and its fill-in notes (填表说明), a line each."""
    return "\n".join(
        (
            f"填报单位：{form.submitted_by}",
            f"统计范围：{form.scope}",
            f"报送时间：次月{form.due_day}日前，遇休息日顺延",
            f"报送方式：{form.method}",
            f"填表说明：{form.notes}",
        )
    )
