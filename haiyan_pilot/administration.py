"""Brings in Django's admin as the settings area: our site, and the tables each floor registers in its admin.py."""

from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig

FLOORS = ("bureau", "indicators", "tasks", "reports")


class SettingsConfig(SimpleAdminConfig):
    """No autodiscovery: what an installed package offers for the admin stays out."""

    default_site = "bureau.settings_site.SettingsSite"

    def ready(self) -> None:
        super().ready()
        for floor in FLOORS:
            import_module(f"{floor}.admin")
