"""Names the app for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("报告")

    def ready(self) -> None:
        from bureau.people import front as front_page
        from reports import acts, front  # noqa: F401  (acts names itself)

        front_page.register(front.facts)
