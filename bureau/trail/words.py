"""What a verification found, in words, for the auditor's page and the command line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bureau.trail.verify import Verification


def sentence(found: Verification) -> str:
    """What came out, in one sentence."""
    if not found.count and found.holds:
        return _("还没有审计记录")
    if found.holds:
        return _("完好：%(n)d 条记录逐条相符，%(a)d 个锚点相符") % {"n": found.count, "a": len(found.anchors)}
    if found.broken is None:
        return _("记录完好，锚点文件有损坏")
    return _("不完好：从第 %(n)d 条起对不上") % {"n": found.broken}


def problems(found: Verification) -> list[str]:
    """Each kind of harm, with its first number."""
    told = []
    if found.chain is not None:
        told.append(_("第 %(n)d 条：被修改、删除或插入，或者链尾缺少记录。") % {"n": found.chain})
    if found.anchor is not None:
        told.append(_("第 %(n)d 条：与保存在数据库之外的锚点不符，记录被截短或重写。") % {"n": found.anchor})
    if found.rows is not None:
        told.append(_("第 %(n)d 条：它记录的数值修改与修订表不符。") % {"n": found.rows})
    if found.spoilt_lines:
        lines = "、".join(str(line) for line in found.spoilt_lines[:10])
        told.append(_("锚点文件第 %(lines)s 行读不出。") % {"lines": lines})
    return told
