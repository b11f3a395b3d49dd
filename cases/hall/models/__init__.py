"""Tables of the hall's schema: cases and what belongs to them, who works on which, and what a clerk works with besides."""

from cases.hall.models.bench import BatchJob, BatchLine, Mending, ReasonText
from cases.hall.models.case import (
    CalendarMark,
    Case,
    CaseFile,
    CaseQuerySet,
    CorrectionPoint,
    CorrectionRequest,
    Event,
    LedgerEntry,
    Opinion,
    Outbox,
    OwedPaper,
    Result,
    Serial,
)
from cases.hall.models.desk import DeskColumns, SavedFilter
from cases.hall.models.export import Export, ExportTaking
from cases.hall.models.work import Claim, Cover, Group, RoutingRule

__all__ = [
    "BatchJob",
    "BatchLine",
    "CalendarMark",
    "Case",
    "CaseFile",
    "CaseQuerySet",
    "Claim",
    "CorrectionPoint",
    "CorrectionRequest",
    "Cover",
    "DeskColumns",
    "Event",
    "Export",
    "ExportTaking",
    "Group",
    "LedgerEntry",
    "Mending",
    "Opinion",
    "Outbox",
    "OwedPaper",
    "ReasonText",
    "Result",
    "RoutingRule",
    "SavedFilter",
    "Serial",
]
