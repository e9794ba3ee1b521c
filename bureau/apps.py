"""Names the app for Django and brings in the installation's own system checks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BureauConfig(AppConfig):
    name = "bureau"
    verbose_name = _("本局")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from bureau import acts, checks  # noqa: F401  (they register themselves)
        from bureau.people import acts as acts_of_people  # noqa: F401
        from bureau.people import sittings
        from bureau.trail import signing  # noqa: F401  (connects its receivers, before those that follow)

        user_logged_in.connect(sittings.begin, dispatch_uid="bureau.sittings.begin")
        user_logged_out.connect(sittings.leave, dispatch_uid="bureau.sittings.leave")
