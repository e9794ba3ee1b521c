"""Names the app for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = _("任务")

    def ready(self) -> None:
        from indicators import desk
        from tasks import (  # noqa: F401  (acts names them)
            acts,
            extension_page,
            handover,
            open_slips,
            slip_desk,
            slip_links,
            slip_reminders,
        )

        handover.register()
        desk.register("extensions", extension_page.desk_group)
        open_slips.register()
        slip_desk.register()
        slip_links.register()
        slip_reminders.register()
