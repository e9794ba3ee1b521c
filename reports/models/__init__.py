"""What this floor keeps: reports and their editions, the parts people write, documents, and the building of them."""

from reports.models.building import Build
from reports.models.documents import Document
from reports.models.editions import Edition, Report
from reports.models.parts import PartRevision, PartText

__all__ = ["Build", "Document", "Edition", "PartRevision", "PartText", "Report"]
