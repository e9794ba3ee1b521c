"""A manuscript (文稿) on paper and on the screen: Word, PDF and the preview, all from the same tree.

Documents are Chinese only. The same manuscript gives the same bytes.
"""

from reports.printing.docx_file import word
from reports.printing.page import html
from reports.printing.pdf_file import Unprintable, pdf

__all__ = ["Unprintable", "html", "pdf", "word"]
