"""A place's name as it is compared: '百步 镇', '百步镇 ' and '·百步镇' are one."""

from __future__ import annotations

import re

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def plain_name(text: str) -> str:
    """The name without blanks, full-width forms and marks around it."""
    return re.sub(r"\s+", "", text.translate(_FULL_WIDTH)).strip("·•*-—")
