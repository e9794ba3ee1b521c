"""Names the app for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("报告")

    def ready(self) -> None:
        from bureau.people import front as front_page
        from bureau.trail import guards
        from indicators import burden
        from reports import acts, checks, edition_desk, front  # noqa: F401  (acts and checks name themselves)
        from reports.guards import DOCUMENTS, EDITIONS

        guards.register(EDITIONS)
        guards.register(DOCUMENTS)
        front_page.register(front.facts)
        edition_desk.register()
        burden.register("word", _("通报和报告"), lambda indicator: indicator.core)
        burden.register("excel", _("数据附表"), lambda indicator: True)
