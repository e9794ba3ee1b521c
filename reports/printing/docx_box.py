"""A text box (文本框) that stands at a fixed place of a page, as XML; Word and LibreOffice both draw it."""

from __future__ import annotations

from dataclasses import dataclass

from docx.shared import Length

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
}
SPACES = " ".join(f'xmlns:{name}="{address}"' for name, address in NAMESPACES.items())


@dataclass(frozen=True)
class Box:
    """Its name, width and height; what it is placed by (page, margin), and where: a distance or an edge.

    `turned`: its text runs from top to bottom, as on a page turned a quarter to the right.
    """

    name: str
    width: Length
    height: Length
    by_across: str
    by_down: str
    across: Length | str
    down: Length | str
    turned: bool = False


def text_box(box: Box, paragraphs: str, number: int) -> str:
    """A run that holds the box around these paragraphs; `number` is unlike that of any other drawing."""
    direction = "vert" if box.turned else "horz"
    wrap = "<wp:wrapNone/>" if box.turned else "<wp:wrapTopAndBottom/>"
    size = f'cx="{int(box.width)}" cy="{int(box.height)}"'
    return (
        f'<w:r {SPACES}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0"'
        ' layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="{box.by_across}">{_place(box.across)}</wp:positionH>'
        f'<wp:positionV relativeFrom="{box.by_down}">{_place(box.down)}</wp:positionV>'
        f'<wp:extent {size}/>{wrap}<wp:docPr id="{number}" name="{box.name}" descr="{box.name}"/>'
        "<wp:cNvGraphicFramePr/>"
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        f'<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{paragraphs}</w:txbxContent></wps:txbx>"
        f'<wps:bodyPr vert="{direction}" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/>'
        "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback/>"
        "</mc:AlternateContent></w:r>"
    )


def _place(at: Length | str) -> str:
    return f"<wp:align>{at}</wp:align>" if isinstance(at, str) else f"<wp:posOffset>{int(at)}</wp:posOffset>"
