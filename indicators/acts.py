"""The names of this floor's acts in the audit trail (审计)."""

from django.utils.translation import gettext_lazy as _

from bureau.trail.acts import Kind, register

register(
    Kind.ENTRY,
    {
        "entries.save": _("保存填报数"),
        "upload.refused": _("表格导入被拒"),
        "submission.submit": _("提交审核"),
        "submission.withdraw": _("撤回"),
        "submission.town_check": _("初审通过"),
        "submission.return": _("退回修改"),
        "submission.adjust": _("审核调整"),
        "submission.approve": _("审核通过"),
        "submission.correct": _("发起更正"),
        "submission.take_back": _("撤销审核"),
        "submission.take_back.figures": _("撤销审定数"),
        "submission.approve.signed": _("签字认定补录已审"),
        "span.save": _("保存补录合计"),
        "span.submit": _("补录合计提交审核"),
        "span.withdraw": _("撤回补录合计"),
        "span.drop": _("删除补录合计草稿"),
        "span.return": _("退回补录合计"),
        "span.approve": _("补录合计审核通过"),
        "span.take_back": _("撤销补录合计的审核"),
    },
)
register(
    Kind.ENTRY,
    {
        "reopening.ask": _("申请补报"),
        "reopening.grant": _("批准补报"),
        "reopening.refuse": _("不批准补报"),
        "reopening.withdraw": _("撤回补报申请"),
    },
)
register(Kind.SETTINGS, {"target.share": _("分解目标")})
register(Kind.RELEASE, {"month.publish": _("发布月份")})
register(
    Kind.SYSTEM,
    {
        "derived.rebuild": _("重算汇总与评价"),
        "reminders.send": _("发催报"),
        "imports.discard": _("清理未确认的导入"),
    },
)
