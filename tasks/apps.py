"""Names the app for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = _("任务")

    def ready(self) -> None:
        from tasks import acts, handover, slip_desk, slip_links  # noqa: F401  (acts names them)

        handover.register()
        slip_desk.register()
        slip_links.register()
