"""Two hundred texts that a spreadsheet might run: every start of a formula, bare and behind what hides it."""

from __future__ import annotations

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", " =")
ENDS = (
    "1+1", "SUM(A1)", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","y")', "DDE(\"a\";\"b\")",
    "IMPORTXML(CONCAT(A1),\"//a\")",
    "2+5+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "WEBSERVICE(\"http://x\")", "{=1+1}", "'quoted'", "数",
    "<b>",
    "&amp;", "1e5", "0x1F", "TRUE", '"', "a,b", "一\n二",
)  # fmt: skip
PAYLOADS = tuple(start + end for start in STARTS for end in ENDS)
