"""The page, fonts and styles of an official document (公文) by GB/T 9704-2012, set into an empty Word document.

For `word`. Sets how things look, never what they say. Fonts are named, never embedded; where a named font is absent
the font table gives Word the next best.

The section carries the standard's grid of 22 lines by 28 characters, but styles do not snap to it: LibreOffice gives a
character wider than its cell (16 pt on 15.79) two cells, and lines fall apart. Exact line pitch and 0.3 pt less
between characters (LibreOffice rounds to tenths of a point) come to 22 by 28 in LibreOffice, where it
was measured, and by the same arithmetic in Word and WPS. No style adds space between Hanzi and digits, so that
lines can be counted and are as long as the PDF's; LibreOffice adds it all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

TITLE_FONT, BODY_FONT, HEAD_FONT, SUBHEAD_FONT, PLAIN_FONT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "宋体",
)
LATIN_FONT = "Times New Roman"
SUBSTITUTES = {
    TITLE_FONT: "华文中宋,STZhongsong,宋体,SimSun",
    BODY_FONT: "仿宋,FangSong",
    SUBHEAD_FONT: "楷体,KaiTi",
    HEAD_FONT: "SimHei",
    PLAIN_FONT: "SimSun",
}
SIZES = {"一号": 26, "二号": 22, "三号": 16, "四号": 14, "小四": 12, "五号": 10.5, "小五": 9, "六号": 7.5}  # in points
LINE_PITCH = 579  # twips: 225 mm of type area in 22 lines
CHAR_SPACE = -848  # 1/4096 pt: 28 characters of 三号 in 156 mm
CHAR_WIDTH = 316  # twips: one of those 28 characters
TIGHT = -6  # twips between characters of 三号: 28 of them in 156 mm
BODY_CHARS = 28
RED = "C00000"


@dataclass(frozen=True)
class Look:
    """One paragraph style: fonts by name, sizes in points, line pitch in twips, indents in characters."""

    name: str
    font: str
    size: float
    bold: bool = False
    align: str = "both"
    line: int = LINE_PITCH
    exact: bool = True
    first_chars: int = 0
    keep_next: bool = False
    new_page: bool = False
    before: int = 0  # twips, as after
    outline: int | None = None
    color: str = ""
    rule: str = ""  # colour of a line below (分隔线)
    after: int = 0
    leader: bool = False  # a tab at the right edge, with dots before it (目录)


LOOKS = (
    Look("Normal", BODY_FONT, SIZES["三号"], first_chars=2),
    Look("Title", TITLE_FONT, SIZES["二号"], align="center", line=680, keep_next=True),
    Look("Subtitle", SUBHEAD_FONT, SIZES["三号"], align="center", keep_next=True),
    Look("Heading 1", HEAD_FONT, SIZES["三号"], first_chars=2, keep_next=True, outline=0),
    Look("Heading 2", SUBHEAD_FONT, SIZES["三号"], first_chars=2, keep_next=True, outline=1),
    Look("Heading 3", BODY_FONT, SIZES["三号"], first_chars=2, keep_next=True, outline=2),
    Look("Heading 4", BODY_FONT, SIZES["三号"], first_chars=2, keep_next=True, outline=3),
    Look("Caption", HEAD_FONT, SIZES["小四"], align="center", line=400, before=160, keep_next=True),
    Look("Header", HEAD_FONT, SIZES["五号"], align="center", line=320),
    Look("Footer", PLAIN_FONT, SIZES["四号"], line=320),
    Look("发文字号", BODY_FONT, SIZES["三号"], align="center", rule="FF0000"),
    Look("演示标志", HEAD_FONT, SIZES["三号"], align="center", color=RED),
    Look("表格单位", BODY_FONT, SIZES["五号"], align="right", line=320, keep_next=True),
    Look("表头文字", HEAD_FONT, SIZES["五号"], align="center", line=320),
    Look("表格文字", BODY_FONT, SIZES["五号"], align="left", line=320),
    Look("表格数字", BODY_FONT, SIZES["五号"], align="right", line=320),
    Look("表格居中", BODY_FONT, SIZES["五号"], align="center", line=320),
    Look("表注", BODY_FONT, SIZES["五号"], align="left", line=320),
    Look("图", BODY_FONT, SIZES["三号"], align="center", line=240, exact=False, keep_next=True),
    Look("图题", HEAD_FONT, SIZES["小四"], align="center", line=400),
    Look("落款", BODY_FONT, SIZES["三号"], align="right", keep_next=True),
    Look("附件标识", HEAD_FONT, SIZES["三号"], align="left", keep_next=True, new_page=True),
    Look("附件标题", TITLE_FONT, SIZES["二号"], align="center", after=LINE_PITCH, keep_next=True, outline=0),
)


def official_styles(document: Document, *more: Look) -> None:
    """Sets the A4 page, the character grid, all styles and `more` of them, the language and the font table."""
    _set_page(document)
    _set_defaults(document)
    for look in (*LOOKS, *more):
        _set_style(document, look)
    _set_font_table(document)
    _set_settings(document)


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(25.5)  # the number's middle 7 mm below the type area
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(LINE_PITCH))
    grid.set(qn("w:charSpace"), str(CHAR_SPACE))


def _run_properties(font: str, size: float, bold: bool = False, color: str = "") -> str:
    half_points = round(size * 2)
    fonts = f'w:hint="eastAsia" w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}" w:cs="{LATIN_FONT}" w:eastAsia="{font}"'
    return (
        f"<w:rPr {nsdecls('w')}><w:rFonts {fonts}/>"
        + ("<w:b/><w:bCs/>" if bold else '<w:b w:val="0"/><w:bCs w:val="0"/>')
        + f'<w:i w:val="0"/><w:iCs w:val="0"/><w:color w:val="{color or "000000"}"/>'
        + f'<w:spacing w:val="{TIGHT if size == SIZES["三号"] else 0}"/><w:kern w:val="0"/>'
        + f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
        + '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
    )


def _paragraph_properties(look: Look) -> str:
    rule = (
        f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="6" w:color="{look.rule}"/></w:pBdr>' if look.rule else ""
    )
    tabs = (
        f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{BODY_CHARS * CHAR_WIDTH}"/></w:tabs>'
        if look.leader
        else ""
    )
    on = {True: "1", False: "0"}
    line_rule = "exact" if look.exact else "auto"
    return (
        f"<w:pPr {nsdecls('w')}>"
        + f'<w:keepNext w:val="{on[look.keep_next]}"/><w:keepLines w:val="{on[look.keep_next]}"/>'
        + ("<w:pageBreakBefore/>" if look.new_page else "")
        + f'<w:widowControl w:val="0"/>{rule}{tabs}'
        + '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
        + f'<w:spacing w:before="{look.before}" w:after="{look.after}" w:line="{look.line}" w:lineRule="{line_rule}"/>'
        + f'<w:ind w:firstLineChars="{look.first_chars * 100}" w:firstLine="{look.first_chars * CHAR_WIDTH}"/>'
        + f'<w:jc w:val="{look.align}"/>'
        + (f'<w:outlineLvl w:val="{look.outline}"/>' if look.outline is not None else "")
        + "</w:pPr>"
    )


def _set_style(document: Document, look: Look) -> None:
    styles = document.styles
    known = {style.name for style in styles}
    built_in = look.name.startswith("toc ")
    style = styles[look.name] if look.name in known else styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH, built_in)
    element = style.element
    for tag in ("w:pPr", "w:rPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    link = element.find(qn("w:link"))
    if link is not None:  # the character twin would keep the template's colours
        twins = [one for one in styles.element if one.get(qn("w:styleId")) == link.get(qn("w:val"))]
        element.remove(link)
        for twin in twins:
            styles.element.remove(twin)
    if look.name not in known:
        style.base_style = styles["Normal"]
        style.quick_style = True
    element.append(parse_xml(_paragraph_properties(look)))
    element.append(parse_xml(_run_properties(look.font, look.size, look.bold, look.color)))


def _set_defaults(document: Document) -> None:
    """The document's own defaults, below every style: body font, no space between paragraphs."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for child in list(defaults):
        defaults.remove(child)
    run, paragraph = OxmlElement("w:rPrDefault"), OxmlElement("w:pPrDefault")
    run.append(parse_xml(_run_properties(BODY_FONT, SIZES["三号"])))
    defaults.extend([run, paragraph])


def _set_font_table(document: Document) -> None:
    """The font table with substitutes, so that a machine without 仿宋_GB2312 takes 仿宋 and not a heading face."""
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(SUBSTITUTES[name])}/>"
        f'<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for name in SUBSTITUTES
    )
    latin = (
        f'<w:font w:name="{LATIN_FONT}"><w:altName w:val="Liberation Serif"/>'
        '<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    )
    part = document.part.part_related_by(RT.FONT_TABLE)
    part._blob = f'<?xml version="1.0" encoding="UTF-8"?><w:fonts {nsdecls("w")}>{fonts}{latin}</w:fonts>'.encode()


def _set_settings(document: Document) -> None:
    """Odd and even footers, Chinese as East Asian language, Word's present layout, punctuation set tight."""
    document.settings.odd_and_even_pages_header_footer = True
    settings = document.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    settings.find(qn("w:characterSpacingControl")).set(qn("w:val"), "compressPunctuation")
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")
