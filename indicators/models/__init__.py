"""The tables of the plan, the catalogue, the figures and what is derived from them."""

from indicators.models.catalogue import (
    BalanceRule,
    Breakdown,
    Category,
    DataItem,
    Indicator,
    IndicatorVersion,
    Parameter,
    Reading,
    SoftRule,
    Target,
    TargetRevision,
)
from indicators.models.equality import EqualityRole, PublishedSplit, Tile
from indicators.models.figures import (
    Adjustment,
    Completion,
    Entry,
    Figure,
    FormItem,
    PublishedMonth,
    ReportingForm,
    Revision,
    Submission,
    Transition,
    Upload,
)
from indicators.models.forecasts import KeptForecast
from indicators.models.imports import Import, ImportPart, OldFile
from indicators.models.periods import DeadlineRule, Reminder, Reopening
from indicators.models.plan import Clause, Domain, LoadedRow, Plan, PlanRevisionNote
from indicators.models.results import Evaluation, PublishedEvaluation, PublishedRollUp, RollUp
from indicators.models.spans import SpanStep, SpanTotal

__all__ = [
    "Adjustment",
    "BalanceRule",
    "Breakdown",
    "Category",
    "Clause",
    "Completion",
    "DataItem",
    "DeadlineRule",
    "Domain",
    "Entry",
    "EqualityRole",
    "Evaluation",
    "Figure",
    "FormItem",
    "Import",
    "ImportPart",
    "Indicator",
    "IndicatorVersion",
    "KeptForecast",
    "LoadedRow",
    "OldFile",
    "Parameter",
    "Plan",
    "PlanRevisionNote",
    "PublishedEvaluation",
    "PublishedMonth",
    "PublishedRollUp",
    "PublishedSplit",
    "Reading",
    "Reminder",
    "Reopening",
    "ReportingForm",
    "Revision",
    "RollUp",
    "SoftRule",
    "SpanStep",
    "SpanTotal",
    "Submission",
    "Target",
    "TargetRevision",
    "Tile",
    "Transition",
    "Upload",
]
