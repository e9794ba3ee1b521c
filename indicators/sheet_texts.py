"""What the scripts of the sheet say, in the reader's language; %(n)s and the like are filled in the browser."""

from __future__ import annotations

from django.utils.translation import gettext as _


def texts() -> dict[str, str]:
    """By the names static/js/entry/ uses."""
    return {
        "pending": _("%(n)s 格待保存"),
        "saving": _("正在保存…"),
        "nothing": _("没有改动，不用保存。"),
        "refused": _("%(n)s 格须改，没有保存"),
        "conflicts": _("%(n)s 格已被他人修改，须选定"),
        "asking": _("%(n)s 格清空待确认"),
        "offline": _("网络断开，填的数都在。连上后自动保存"),
        "busy": _("服务器暂时没有答复，填的数都在。稍后自动再试"),
        "gone": _("这张表已不归你填报，没有保存。填的数都在，可以复制"),
        "broken": _("没有保存。填的数都在，可以复制；刷新这一页再试"),
        "copy": _("填的数都在，可以复制。"),
        "found": _("找回上次没有保存的 %(n)s 格"),
        "first": _("还有 %(n)s 格没有保存，先处理，再提交。"),
        "ask": _("清空原值 %(v)s？再按一次 Delete 清空，Esc 改回"),
        "unchanged": _("改回 %(v)s"),
        "empty": _("未填"),
        "mine": _("我的"),
        "checks": _("全表检查"),
        "explained": _("已说明：%(note)s"),
        "pasted": _("贴入 %(n)s 格"),
        "overflow": _("%(n)s 格超出本表或本级不填，没有贴入"),
        "undone": _("已撤销 %(n)s 格"),
        "redone": _("已重做 %(n)s 格"),
        "nothing_to_undo": _("没有可撤销的改动"),
        "no_last": _("上月没有数，不能沿用"),
        "no_above": _("上面没有数，不能向下填充"),
        "marked": _("已标记 %(n)s 格"),
    }
