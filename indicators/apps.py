"""Names the app for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("指标")

    def ready(self) -> None:
        from bureau.trail import guards, hooks
        from indicators import acts, calculators, desk, handover, span_pages, trail  # noqa: F401  (acts names itself)
        from indicators.guards import ADJUSTMENTS, REVISIONS

        guards.register(REVISIONS)
        guards.register(ADJUSTMENTS)
        hooks.tell_changes(trail.changes)
        hooks.check_rows(trail.broken_revisions)
        handover.register()
        calculators.register()
        desk.register("spans", span_pages.desk_group)
