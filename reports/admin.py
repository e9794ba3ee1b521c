"""Settings of the top floor: what the demonstration says about switching itself off."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bureau.amend import keeps
from bureau.models import Installation
from reports.demonstration.stage import BEGUN, FILLED, stage


@keeps(Installation)
def keep_demonstration(installation: Installation) -> str:
    """The mark stays as long as the invented figures do."""
    if stage() in (BEGUN, FILLED):
        return _("演示数据还在，不能去掉演示标记；先运行 manage.py demo --remove 清除演示数据。")
    return ""
