"""Tables of the hall's schema: cases and what belongs to them, bookings, who acts for whom, systems, what clerks work with."""

from cases.hall.models.bench import BatchJob, BatchLine, Mending, ReasonText
from cases.hall.models.booking import (
    Appeal,
    Booker,
    Booking,
    BookingEvent,
    BookingItem,
    Place,
    Slot,
    Ticket,
)
from cases.hall.models.bundle import ParentCase
from cases.hall.models.case import (
    CalendarMark,
    Case,
    CaseQuerySet,
    CorrectionPoint,
    CorrectionRequest,
    Event,
    LedgerEntry,
    Opinion,
    OwedPaper,
    Result,
    Serial,
)
from cases.hall.models.desk import DeskColumns, SavedFilter
from cases.hall.models.enquiry import (
    Enquiry,
    EnquiryEvent,
    EnquiryFile,
    EnquiryParty,
    PublishedAnswer,
)
from cases.hall.models.export import Export, ExportTaking
from cases.hall.models.file import CaseFile, Upload
from cases.hall.models.handing import DeliveryReceipt, Handing
from cases.hall.models.mandate import Mandate, MandatePaper, Principal, ProxyTerm
from cases.hall.models.outbox import Outbox
from cases.hall.models.payment import CallBack, Payment
from cases.hall.models.system import DepartmentPaper, Inbound, Letter, System
from cases.hall.models.work import Claim, Cover, Group, RoutingRule

__all__ = [
    "Appeal",
    "BatchJob",
    "BatchLine",
    "Booker",
    "Booking",
    "BookingEvent",
    "BookingItem",
    "CalendarMark",
    "CallBack",
    "Case",
    "CaseFile",
    "CaseQuerySet",
    "Claim",
    "CorrectionPoint",
    "CorrectionRequest",
    "Cover",
    "DeliveryReceipt",
    "DepartmentPaper",
    "DeskColumns",
    "Enquiry",
    "EnquiryEvent",
    "EnquiryFile",
    "EnquiryParty",
    "Event",
    "Export",
    "ExportTaking",
    "Group",
    "Handing",
    "Inbound",
    "LedgerEntry",
    "Letter",
    "Mandate",
    "MandatePaper",
    "Mending",
    "Opinion",
    "Outbox",
    "OwedPaper",
    "ParentCase",
    "Payment",
    "Place",
    "Principal",
    "ProxyTerm",
    "PublishedAnswer",
    "ReasonText",
    "Result",
    "RoutingRule",
    "SavedFilter",
    "Serial",
    "Slot",
    "System",
    "Ticket",
    "Upload",
]
