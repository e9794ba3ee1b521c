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
        "milestone.move": _("调整节点"),
        "work.extension_ask": _("申请延期"),
        "work.extension_withdraw": _("撤回延期申请"),
        "work.extension_grant": _("同意延期"),
        "work.extension_refuse": _("不同意延期"),
        "deliverable.deliver": _("登记阶段成果"),
        "deliverable.take_back": _("撤销阶段成果"),
        "phase.close": _("关闭阶段"),
        "phase.reopen": _("重开阶段"),
        "evidence.attach": _("附加佐证材料"),
        "evidence.take_away": _("撤下佐证材料"),
        "task.officer": _("指定责任人"),
        "decision.decide": _("登记议定事项"),
        "decision.change": _("更改议定事项"),
        "decision.close": _("议定事项办结"),
        "decision.reopen": _("撤销议定事项办结"),
        "slip.raise": _("督办立项"),
        "slip.assign": _("督办交办"),
        "slip.drop": _("不予督办"),
        "slip.change": _("更改督办单"),
        "slip.accept": _("签收督办单"),
        "slip.answer": _("督办反馈"),
        "slip.send_back": _("督办退回重办"),
        "slip.conclude": _("督办审结"),
        "slip.strike_off": _("督办销号"),
        "slip.reopen": _("撤销督办销号"),
        "slip.ask_extension": _("申请督办延期"),
        "slip.decide_extension": _("批复督办延期"),
        "slip.withdraw_extension": _("撤回督办延期申请"),
        "promise.set": _("登记清零承诺"),
        "promise.withdraw": _("撤销清零承诺"),
    },
)
register(Kind.SETTINGS, {"loadplan": _("载入方案")})
