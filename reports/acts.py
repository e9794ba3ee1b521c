"""The names of this floor's acts in the audit trail (审计)."""

from django.utils.translation import gettext_lazy as _

from bureau.trail.acts import Kind, register

register(
    Kind.SYSTEM,
    {
        "demonstration.begin": _("开始装入演示数据"),
        "demonstration.account": _("建立演示账号"),
        "demonstration.fill": _("装入演示数据"),
        "demonstration.remove": _("移除演示数据"),
    },
)
