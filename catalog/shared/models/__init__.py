"""The city's catalogue of service items, and the facts that halls publish of theirs: the public schema."""

from catalog.shared.models.bundle import Bundle
from catalog.shared.models.edition import Draft, Edition, SharedDraft, SharedVersion, Version
from catalog.shared.models.facts import (
    FeedbackFact,
    Offer,
    OfferQuerySet,
    OpenReview,
    OverrideFact,
    PortalItem,
    ReviewFields,
)
from catalog.shared.models.item import ItemFields, ItemRow, SharedItem, Theme, empty_list
from catalog.shared.models.search import (
    HallTerm,
    HallWording,
    PopularPhrase,
    SearchLog,
    SharedTerm,
    SharedWording,
    Term,
    Wording,
    WordingKind,
)
from catalog.shared.models.sheet import SheetBell, SheetJob, SheetJobFields, SheetLine, SheetLineFields

__all__ = [
    "Bundle",
    "Draft",
    "Edition",
    "FeedbackFact",
    "HallTerm",
    "HallWording",
    "ItemFields",
    "ItemRow",
    "Offer",
    "OfferQuerySet",
    "OpenReview",
    "OverrideFact",
    "PopularPhrase",
    "PortalItem",
    "ReviewFields",
    "SearchLog",
    "SharedDraft",
    "SharedItem",
    "SharedTerm",
    "SharedVersion",
    "SharedWording",
    "SheetBell",
    "SheetJob",
    "SheetJobFields",
    "SheetLine",
    "SheetLineFields",
    "Term",
    "Theme",
    "Version",
    "Wording",
    "WordingKind",
    "empty_list",
]
