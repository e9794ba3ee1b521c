"""The names of this floor's acts in the audit trail (审计): signing in, accounts, access, the service itself."""

from django.utils.translation import gettext_lazy as _

from bureau.trail.acts import Kind, register

register(
    Kind.SIGNING,
    {
        "session.start": _("登录"),
        "session.refused": _("登录失败"),
        "session.locked": _("登录锁定"),
        "session.leave": _("退出"),
    },
)
register(
    Kind.ACCESS,
    {
        "access.refused": _("访问被拒"),
        "file.download": _("下载文件"),
        "audit.export": _("导出审计记录"),
    },
)
register(
    Kind.SETTINGS,
    {
        "setting.add": _("新增设置"),
        "setting.change": _("修改设置"),
        "setting.delete": _("删除设置"),
        "workdays.replace": _("更换节假日"),
    },
)
register(
    Kind.SYSTEM,
    {
        "service.start": _("启动服务"),
        "service.stop": _("停止服务"),
    },
)
