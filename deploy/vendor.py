"""Fetch the front-end files that are kept in the tree (static/vendor, static/icons), for maintainers.

`python deploy/vendor.py` fetches them with npm from whatever registry the machine is set to; `--check` compares
the tree with the manifest and needs no network. It does not choose versions: they are pinned below.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
MANIFEST = STATIC / "vendor" / "manifest.json"
# package -> (version, licence, {path in the package: path under static/})
PACKAGES: dict[str, tuple[str, str, dict[str, str]]] = {
    "plotly.js-cartesian-dist-min": (
        "4.1.1",
        "MIT",
        {
            "plotly-cartesian.min.js": "vendor/plotly/plotly-cartesian.min.js",
            "LICENSE": "vendor/plotly/LICENSE",
        },
    ),
    "plotly.js": (
        "4.1.1",
        "MIT",
        {
            "dist/plotly.css": "vendor/plotly/plotly.css",
            "dist/plotly-locale-zh-cn.js": "vendor/plotly/plotly-locale-zh-cn.js",
        },
    ),
    "htmx.org": (
        "2.0.10",
        "0BSD",
        {"dist/htmx.min.js": "vendor/htmx/htmx.min.js", "LICENSE": "vendor/htmx/LICENSE"},
    ),
    "lucide-static": ("1.62.0", "ISC", {"LICENSE": "icons/LICENSE"}),
}
SPRITE = "icons/sprite.svg"
ICONS = """
arrow-right ban book-open calendar calendar-clock chart-column check check-check chevron-down chevron-left
chevron-right circle-dashed circle-user clipboard-list clock cloud-check copy download eye file-down file-text
file-up history home image info key-round languages layout-dashboard list-checks lock log-out map-pin menu
pencil plus printer scale search send settings shield-check table-2 triangle-alert undo-2 upload users wifi-off
x
""".split()


def sprite(icons: dict[str, str]) -> str:
    """One SVG with a symbol per icon; the look (stroke, width) is left to the page's style sheet."""
    symbols = []
    for name in sorted(icons):
        body = re.search(r"<svg[^>]*>(.*)</svg>", icons[name], re.S)
        if body is None:
            raise SystemExit(f"icon {name}: not an SVG")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(body[1].split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def pack(name: str, version: str, folder: Path) -> tuple[str, tarfile.TarFile]:
    """Download one package; its integrity as npm states it, and the opened archive."""
    command = ["npm", "pack", "--silent", "--json", f"{name}@{version}"]
    answer = json.loads(subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout)[0]
    return answer["integrity"], tarfile.open(folder / answer["filename"])


def read(archive: tarfile.TarFile, path: str) -> bytes:
    """The text of one file without `sourceMappingURL`, which would stop collectstatic where the map is absent."""
    member = archive.extractfile(f"package/{path}")
    if member is None:
        raise SystemExit(f"{path}: not in the package")
    return re.sub(rb"\n?(//# sourceMappingURL=\S*|/\*# sourceMappingURL=.*?\*/)\s*", b"\n", member.read())


def fetch() -> None:
    """Write every vendored file and the manifest; a package whose content changed under its version is refused."""
    known = json.loads(MANIFEST.read_text(encoding="utf-8")) if MANIFEST.exists() else {}
    manifest = {}
    for name, (version, licence, files) in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            integrity, archive = pack(name, version, Path(folder))
            before = known.get(name, {})
            if before.get("version") == version and before.get("integrity") != integrity:
                raise SystemExit(f"{name} {version}: the package is not the one in the manifest")
            texts = {target: read(archive, source) for source, target in files.items()}
            if name == "lucide-static":
                icons = {icon: read(archive, f"icons/{icon}.svg").decode() for icon in ICONS}
                texts[SPRITE] = sprite(icons).encode()
        sums = {}
        for target, text in sorted(texts.items()):
            (STATIC / target).parent.mkdir(parents=True, exist_ok=True)
            (STATIC / target).write_bytes(text)
            sums[target] = hashlib.sha256(text).hexdigest()
        manifest[name] = {"version": version, "licence": licence, "integrity": integrity, "files": sums}
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def check() -> list[str]:
    """What in the tree differs from the manifest: missing, changed and extra files."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    sums = {target: digest for entry in manifest.values() for target, digest in entry["files"].items()}
    kept = {
        p.relative_to(STATIC).as_posix() for d in ("vendor", "icons") for p in (STATIC / d).rglob("*") if p.is_file()
    }
    kept.discard("vendor/manifest.json")
    wrong = [f"{target}: not in the manifest" for target in sorted(kept - sums.keys())]
    wrong += [f"{target}: missing" for target in sorted(sums.keys() - kept)]
    for target in sorted(kept & sums.keys()):
        if hashlib.sha256((STATIC / target).read_bytes()).hexdigest() != sums[target]:
            wrong.append(f"{target}: changed")
    return wrong


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        problems = check()
        print("\n".join(problems) or "vendored files match the manifest")
        sys.exit(bool(problems))
    fetch()
