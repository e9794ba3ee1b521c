"""Names the app for Django and brings in the installation's own system checks."""

from django.apps import AppConfig


class BureauConfig(AppConfig):
    name = "bureau"
    verbose_name = "本局"

    def ready(self) -> None:
        from bureau import checks  # noqa: F401  (registers them)
