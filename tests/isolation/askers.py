"""Who asks: the columns of the isolation table, and what a refusal must leave alone."""

import uuid
from contextlib import contextmanager

from django.db import connection, transaction

from tests.conftest import client_for
from tests.template import PORTAL

NOBODY, WEST_COOKIE, WEST_TOKEN, WEST_TICKET = "nobody", "west_cookie", "west_token", "west_ticket"
OTHER, OWNER, PROXY = "other", "owner", "proxy"
WINDOW, APPROVER, HEAD, STAFF, ADMIN = "window", "approver", "head", "staff", "admin"
CITY, INSPECTOR = "city_admin", "inspector"
SYSTEM, SECURITY, AUDITOR = "system_admin", "security_admin", "audit_admin"

# strangers first: nobody, and a clerk of the other hall by what that hall gave and by a citizen's ticket
HALL_ASKERS = (
    NOBODY,
    WEST_COOKIE,
    WEST_TOKEN,
    WEST_TICKET,
    OTHER,
    OWNER,
    # acts for the owner under a mandate
    PROXY,
    WINDOW,
    APPROVER,
    HEAD,
    STAFF,
    ADMIN,
)
PORTAL_ASKERS = (NOBODY, WEST_COOKIE, WEST_TOKEN, OTHER, OWNER, CITY, INSPECTOR, SYSTEM, SECURITY, AUDITOR)

_CITIZENS = {OTHER: "zhou", OWNER: "lin", PROXY: "agent", WEST_TICKET: "west_window"}
_POSTS = {
    WINDOW: "east_window",
    APPROVER: "east_approver",
    HEAD: "east_head",
    STAFF: "east_staff",
    ADMIN: "east_admin",
}


def token_of(username, hall):
    """A token of the API that this hall's host gave to one of the cast."""
    from django.utils import timezone

    from accounts.models import Person
    from accounts.services import tokens

    return tokens.issue(Person.objects.get(username=username), hall=hall, now=timezone.now())[0]


def _foreign_cookie(host):
    """The session that west gave its clerk, its cookie sent to another host."""
    signed_in_there = client_for(f"west.{PORTAL}", "west_window", hall="west")
    here = client_for(host)
    here.cookies = signed_in_there.cookies
    return here


def hall_asker(name):
    """A client of east's host."""
    host = f"east.{PORTAL}"
    if name == NOBODY:
        return client_for(host)
    if name == WEST_COOKIE:
        return _foreign_cookie(host)
    if name == WEST_TOKEN:
        client = client_for(host)
        client.defaults["HTTP_AUTHORIZATION"] = f"Token {token_of('west_window', 'west')}"
        return client
    if name in _CITIZENS:
        return client_for(host, _CITIZENS[name], hall="east", by_ticket=True)
    return client_for(host, _POSTS[name], hall="east")


def portal_asker(name):
    """A client of the portal."""
    if name == NOBODY:
        return client_for(PORTAL)
    if name == WEST_COOKIE:
        return _foreign_cookie(PORTAL)
    if name == WEST_TOKEN:
        client = client_for(PORTAL)
        client.defaults["HTTP_AUTHORIZATION"] = f"Token {token_of('west_window', 'west')}"
        return client
    return client_for(PORTAL, _CITIZENS.get(name, name))


@contextmanager
def undone():
    """Take back what one asker did, so that the next finds the same."""
    with transaction.atomic(), transaction.atomic(using="gate"):
        yield
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="gate")


def _tables():
    """The tables that a request could change: the hall's and its public facts."""
    from cases.hall.models import (
        BatchJob,
        BatchLine,
        Case,
        CaseFile,
        Claim,
        CorrectionPoint,
        CorrectionRequest,
        Cover,
        DeliveryReceipt,
        DepartmentPaper,
        DeskColumns,
        Event,
        Export,
        Group,
        Handing,
        Inbound,
        LedgerEntry,
        Letter,
        Mandate,
        MandatePaper,
        Mending,
        Opinion,
        Outbox,
        OwedPaper,
        Principal,
        ProxyTerm,
        ReasonText,
        Result,
        RoutingRule,
        SavedFilter,
        System,
        Upload,
    )
    from cases.hall.models.booking import (
        Appeal,
        Booking,
        BookingEvent,
        BookingItem,
        Place,
        Slot,
        Ticket,
    )
    from cases.hall.models.enquiry import (
        Enquiry,
        EnquiryEvent,
        EnquiryFile,
        EnquiryParty,
        PublishedAnswer,
    )
    from cases.hall.models.payment import CallBack, Payment
    from cases.hall.paperwork import Paper, PaperDraft, PaperVersion, StaffNotice
    from cases.shared.models import (
        BookingPointer,
        EnquiryPointer,
        HallOutage,
        InboxMessage,
        MandatePointer,
        Pointer,
        Transfer,
        Verification,
    )
    from catalog.hall.models import (
        Adoption,
        Feedback,
        ItemAlias,
        LocalDraft,
        LocalItem,
        LocalVersion,
        Override,
        SheetJob,
        SheetLine,
    )
    from catalog.shared.models import FeedbackFact, Offer, OverrideFact
    from tenants.hall.models import Closure, Guest, Invitation, Post, Session, Window
    from tenants.shared.models import GoLiveFact, HallVisit
    from theming.models import HallTheme, ThemeDraft, ThemeFile

    return (
        HallVisit,
        Invitation,
        Enquiry,
        EnquiryEvent,
        EnquiryFile,
        EnquiryParty,
        EnquiryPointer,
        PublishedAnswer,
        Appeal,
        Booking,
        BookingEvent,
        BookingItem,
        BookingPointer,
        Place,
        Slot,
        Ticket,
        Closure,
        Guest,
        GoLiveFact,
        Session,
        Window,
        Case,
        CaseFile,
        Event,
        LedgerEntry,
        Outbox,
        Result,
        Paper,
        PaperDraft,
        PaperVersion,
        StaffNotice,
        CorrectionRequest,
        CorrectionPoint,
        OwedPaper,
        Opinion,
        Claim,
        Cover,
        DeskColumns,
        Export,
        Group,
        RoutingRule,
        SavedFilter,
        Handing,
        DeliveryReceipt,
        System,
        Letter,
        Inbound,
        DepartmentPaper,
        Mandate,
        MandatePaper,
        Principal,
        ProxyTerm,
        MandatePointer,
        InboxMessage,
        Transfer,
        Pointer,
        Verification,
        HallOutage,
        Adoption,
        LocalDraft,
        Feedback,
        FeedbackFact,
        ItemAlias,
        LocalItem,
        LocalVersion,
        Override,
        Offer,
        OverrideFact,
        SheetJob,
        SheetLine,
        Post,
        ReasonText,
        Mending,
        BatchJob,
        BatchLine,
        CallBack,
        Payment,
        Upload,
        HallTheme,
        ThemeDraft,
        ThemeFile,
    )


def state_of(hall):
    """A digest of each table that a request could have changed. One query."""
    from tenants.shared import scope

    tables = _tables()
    digest = "SELECT %s, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} t"
    with scope.hall(hall), connection.cursor() as cursor:
        query = " UNION ALL ".join(digest.format(model._meta.db_table) for model in tables)
        cursor.execute(query, [model.__name__ for model in tables])
        return set(cursor.fetchall())


class Watched:
    """A hall's tables, looked at after each asker, whose doings are undone then.

    The digests are read where rows were written at all: PostgreSQL counts those of a transaction, the undone ones too.
    """

    def __init__(self, hall):
        from tenants.shared import scope

        self.hall, self.before = hall, state_of(hall)
        with scope.hall(hall), connection.cursor() as cursor:
            cursor.execute("SELECT %s::regclass[]::oid[]", [[model._meta.db_table for model in _tables()]])
            ((self.tables,),) = cursor.fetchall()
        self.written = self._written()

    def _written(self):
        count = "pg_stat_get_xact_tuples_{}(t)"
        counts = " + ".join(count.format(what) for what in ("inserted", "updated", "deleted"))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT sum({counts}) FROM unnest(%s::oid[]) t", [self.tables])
            return cursor.fetchone()[0]

    def has_changed(self):
        """Whether the hall is otherwise than it was at first."""
        before, self.written = self.written, self._written()
        return self.written != before and state_of(self.hall) != self.before


def never_existed(value):
    """The like of a number, key or code that was never given."""
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    return "9" * len(str(value))
