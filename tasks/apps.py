"""Names the app for Django."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "任务"

    def ready(self) -> None:
        from tasks import acts  # noqa: F401  (names them)
