"""Names the app for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = _("任务")

    def ready(self) -> None:
        from indicators import desk
        from tasks import acts, extension_page, handover, slip_desk, slip_links  # noqa: F401  (acts names them)

        handover.register()
        desk.register("extensions", extension_page.desk_group)
        slip_desk.register()
        slip_links.register()
