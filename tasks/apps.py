"""Names the app for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = _("任务")

    def ready(self) -> None:
        from indicators import desk
        from tasks import acts, extension_page, handover  # noqa: F401  (acts names them)
        from tasks.slips import counted, links, reminders
        from tasks.slips import desk as slip_desk

        handover.register()
        desk.register("extensions", extension_page.desk_group)
        counted.register()
        slip_desk.register()
        links.register()
        reminders.register()
