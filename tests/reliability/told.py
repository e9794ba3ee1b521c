"""Prints the results of `make reliability` as a table: threat, what was tried, how often, how often amiss."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """The lines that tests/reliability/scale.py wrote, threats in order."""
    path = Path(sys.argv[1])
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    print("| threat | tried | number | amiss | database |\n|---|---|---|---|---|")
    for one in sorted(lines, key=lambda line: (line["threat"], line["what"])):
        print(f"| {one['threat']} | {one['what']} | {one['tried']:,} | {one['amiss']} | {one['database']} |")


if __name__ == "__main__":
    main()
