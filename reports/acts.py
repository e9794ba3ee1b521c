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

register(
    Kind.ENTRY,
    {
        "report.write": _("撰写报告"),
        "report.confirm": _("复核报告文字"),
        "report.assign": _("调整报告撰写科室"),
    },
)
register(
    Kind.RELEASE,
    {
        "report.begin": _("起草报告"),
        "report.describe": _("改报告文号和主送"),
        "report.rebase": _("更换报告数据"),
        "report.submit": _("报告送审"),
        "report.return": _("退回报告"),
        "report.finalise": _("报告定稿"),
        "report.revise": _("修订报告"),
        "report.discard": _("作废报告草稿"),
    },
)
