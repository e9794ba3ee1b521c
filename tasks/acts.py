"""The names of this floor's acts in the audit trail (审计)."""

from django.utils.translation import gettext_lazy as _

from bureau.trail.acts import Kind, register

register(
    Kind.WORK,
    {
        "work.complete": _("任务或项目完成"),
        "work.reopen": _("撤销完成"),
        "progress.save": _("保存进度月报"),
        "progress.submit": _("提交进度月报"),
        "progress.withdraw": _("撤回进度月报"),
        "progress.return": _("退回进度月报"),
        "progress.approve": _("进度月报审核通过"),
        "progress.take_back": _("撤销进度月报审核"),
        "milestone.reach": _("节点完成"),
        "deliverable.deliver": _("登记阶段成果"),
        "deliverable.take_back": _("撤销阶段成果"),
        "task.officer": _("指定责任人"),
        "decision.decide": _("登记议定事项"),
        "decision.change": _("更改议定事项"),
        "decision.close": _("议定事项办结"),
        "decision.reopen": _("撤销议定事项办结"),
        "promise.set": _("登记清零承诺"),
        "promise.withdraw": _("撤销清零承诺"),
        "assessment.begin": _("起草考核"),
        "assessment.discard": _("撤销考核草稿"),
        "assessment.give": _("登记加减分"),
        "assessment.take_back": _("撤销加减分"),
        "assessment.veto": _("一票否决"),
        "assessment.lift": _("撤销一票否决"),
        "assessment.freeze": _("考核定稿"),
    },
)
register(Kind.SETTINGS, {"loadplan": _("载入方案")})
