"""The parts that hold a workbook package together: content types, relations and the list of sheets.

What is looked at here decides which parts are read and which files are refused (macros, external links).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import NamedTuple

from indicators.entry.rawbook import RawSheet, UploadRefused, Visibility
from indicators.entry.sheetxml import BROKEN, Attributes, Budget, Walk

_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_RELATION_NAMESPACES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_FORBIDDEN_RELATION = re.compile(
    r"/(externalLink|externalLinkPath|oleObject|package|vbaProject|control|activeXControlBinary|connections|"
    r"xlMacrosheet|attachedTemplate)$"
)
_FORBIDDEN_PART = re.compile(
    r"vbaproject|vbadata|/activex|/externallinks/|/embeddings/|/macrosheets/|/ctrlprops/|/connections\.xml|oleobject",
    re.IGNORECASE,
)
_FORBIDDEN_TYPE = re.compile(r"macroEnabled|vbaProject|activeX|oleObject|externalLink|intlmacrosheet", re.IGNORECASE)
_VISIBILITIES: dict[str, Visibility] = {"visible": "visible", "hidden": "hidden", "veryHidden": "veryHidden"}
ACTIVE_CONTENT = "请另存为不含宏和外部链接的 .xlsx"


def refuse_active_parts(names: list[str]) -> None:
    """UploadRefused when a part by its name is a macro, a control, an embedded object or an external link."""
    if any(_FORBIDDEN_PART.search("/" + name) for name in names):
        raise UploadRefused([ACTIVE_CONTENT])


class ContentTypes(Walk):
    """[Content_Types].xml: is this a plain workbook, by what it declares."""

    namespaces = ("http://schemas.openxmlformats.org/package/2006/content-types",)

    def __init__(self) -> None:
        super().__init__()
        self.is_workbook = False

    def start_Override(self, attributes: Attributes) -> None:
        self._declared(attributes)

    def start_Default(self, attributes: Attributes) -> None:
        self._declared(attributes)

    def _declared(self, attributes: Attributes) -> None:
        declared = attributes.get("ContentType", "")
        if _FORBIDDEN_TYPE.search(declared):
            raise UploadRefused([ACTIVE_CONTENT])
        self.is_workbook = self.is_workbook or declared == _WORKBOOK_TYPE


class Relation(NamedTuple):
    """One relation of a part: the kind (last word of its type) and the part it leads to."""

    kind: str
    target: str


class Relations(Walk):
    """A .rels part: relations by identifier, targets resolved against the folder of the part they belong to."""

    namespaces = ("http://schemas.openxmlformats.org/package/2006/relationships",)

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.found: dict[str, Relation] = {}
        self._folder = folder

    def start_Relationship(self, attributes: Attributes) -> None:
        kind, target = attributes.get("Type", ""), attributes.get("Target", "")
        if _FORBIDDEN_RELATION.search(kind):
            raise UploadRefused([ACTIVE_CONTENT])
        if attributes.get("TargetMode") == "External":
            return  # a hyperlink: never followed
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(self._folder, target)
        self.found[attributes.get("Id", "")] = Relation(kind.rpartition("/")[2], posixpath.normpath(path))


class WorkbookPart(Walk):
    """xl/workbook.xml: the sheets in order, each as (name, visibility, relation identifier)."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[RawSheet, str]] = []

    def start_sheet(self, attributes: Attributes) -> None:
        if self.depth != 3:
            return
        state = _VISIBILITIES.get(attributes.get("state", "visible"))
        if state is None:
            raise UploadRefused([BROKEN])
        name = attributes.get("name", "")
        if not name or len(name) > 255 or any(sheet.name.lower() == name.lower() for sheet, _ in self.sheets):
            raise UploadRefused([BROKEN])
        relation = next(
            (attributes[f"{space} id"] for space in _RELATION_NAMESPACES if f"{space} id" in attributes), ""
        )
        self.sheets.append((RawSheet(name, state), relation))


class Package:
    """The parts of one archive by name, each walked at most once, all against one budget."""

    def __init__(self, archive: zipfile.ZipFile, budget: Budget) -> None:
        self._archive, self._budget = archive, budget
        self.unread = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}

    def walk(self, name: str, walk: Walk, *, needed: bool = True) -> None:
        """Run the walk over a part; UploadRefused when a needed part is missing or one is used twice."""
        entry = self.unread.pop(name, None)
        if entry is not None:
            walk.run(self._archive, entry, self._budget)
        elif needed:
            raise UploadRefused([BROKEN])

    def relations(self, part: str) -> dict[str, Relation]:
        """The relations of a part, {} where it has none; "" asks for the package's own."""
        folder, _, name = part.rpartition("/")
        walk = Relations(folder)
        self.walk(posixpath.join(folder, "_rels", f"{name}.rels"), walk, needed=not part)
        return walk.found

    def workbook_name(self) -> str:
        """The name of the workbook part; UploadRefused when the package is no plain workbook."""
        types = ContentTypes()
        self.walk("[Content_Types].xml", types)
        if not types.is_workbook:
            raise UploadRefused(["不是 .xlsx 工作簿，请另存为 .xlsx 后再传"])
        main = [relation.target for relation in self.relations("").values() if relation.kind == "officeDocument"]
        if len(main) != 1:
            raise UploadRefused([BROKEN])
        return main[0]
