"""The names of the people floor's acts in the audit trail (审计)."""

from django.utils.translation import gettext_lazy as _

from bureau.trail.acts import Kind, register

register(
    Kind.SIGNING,
    {
        "session.cut": _("登录被结束"),
        "password.change": _("改密码"),
        "password.reset": _("重置密码"),
        "token.make": _("生成接口令牌"),
        "token.revoke": _("作废接口令牌"),
        "token.refused": _("接口令牌被拒"),
    },
)
register(
    Kind.ACCOUNTS,
    {
        "account.create": _("新建账号"),
        "account.edit": _("修改账号"),
        "account.enable": _("启用账号"),
        "account.disable": _("停用账号"),
        "account.unlock": _("解锁账号"),
        "account.first": _("建立首批管理员"),
        "grant.propose": _("提出授权"),
        "grant.withdraw": _("撤回授权申请"),
        "grant.sign": _("会签授权"),
        "grant.refuse": _("不同意授权"),
        "grant.end": _("终止授权"),
        "handover.start": _("发起移交"),
        "handover.sign": _("签移交"),
        "handover.confirm": _("确认移交授权"),
        "handover.refuse": _("不同意移交"),
        "handover.withdraw": _("撤回移交"),
        "handover.done": _("完成移交"),
    },
)
