"""Reads a composed document as a strict reader does: no number without a key, no sentence twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from reports.manuscript import Block, Manuscript, Paragraph, plain

# What may stand without a key: dates, codes, clauses, captions, ordinals, the three months of a pace.
WITHOUT_KEY = re.compile(
    r"[0-9]{4}年(?:[0-9]{1,2}(?:—[0-9]{1,2})?月(?:[0-9]{1,2}日)?)?|1—[0-9]{1,2}月|近3个月|的12个月|第[0-9]+次|[表图][0-9]+"
    r"|\b[A-Z][0-9]+[a-z]?\b|[一二三四五]\([一二三四五]\)[0-9]?|分子、分母都是0|分母是0|分母不足[0-9]+"
)


def runs_of(manuscript: Manuscript) -> Iterator[Block]:
    yield from manuscript.blocks
    for attachment in manuscript.attachments:
        yield from attachment.blocks


def unkeyed(manuscript: Manuscript, names: Collection[str]) -> list[str]:
    """Composed paragraphs with a number that has no key; `names` of tasks, items and places may hold numbers."""
    found = []
    for block in runs_of(manuscript):
        if isinstance(block, Paragraph):
            text = "□".join(run for run in block.text if isinstance(run, str))
            for name in names:
                text = text.replace(name, "")
            if re.search("[0-9]", WITHOUT_KEY.sub("", text)):
                found.append(text)
    return found


def sentences(manuscript: Manuscript) -> list[str]:
    texts = [plain(block.text) for block in runs_of(manuscript) if isinstance(block, Paragraph)]
    return [one for text in texts for one in re.split("(?<=。)", text) if one]


def repeated(manuscript: Manuscript) -> list[str]:
    return [one for one, times in Counter(sentences(manuscript)).items() if times > 1]


def unfinished(manuscript: Manuscript) -> list[str]:
    """Sentences with a hole: doubled marks, empty brackets, a missing end."""
    broken = re.compile("None|，，|；；|、、|，。|；。|。。|（）|、。|有。|：。|^，")
    return [one for one in sentences(manuscript) if broken.search(one) or not one.endswith(("。", "："))]
