"""The API of cases."""

from django.urls import URLPattern, URLResolver, path

from cases.hall.api.bookings import BookingsView, BookingView, ChangeView, OfferView, SlotsView
from cases.hall.api.bundles import BundleCasesView, BundleFormView, WholeView, WholeWithdrawView
from cases.hall.api.cases import ActionView, ApplicantView, CaseView, ClockView
from cases.hall.api.correction import CorrectionView
from cases.hall.api.desk import DeskView
from cases.hall.api.drafts import DraftsView, DraftView
from cases.hall.api.enquiries import (
    AnswersView,
    ClerkEnquiriesView,
    ClerkEnquiryActView,
    ClerkEnquiryView,
    EnquiriesView,
    EnquiryAddView,
    EnquiryFilesView,
    EnquiryRateView,
    EnquiryReopenView,
    EnquiryView,
)
from cases.hall.api.filing import CaseFilesView, CasesView, FilesView
from cases.hall.api.mandates import (
    CodeView,
    ConfirmView,
    MandatesView,
    PaperView,
    PrincipalsView,
    RevokeView,
)
from cases.hall.api.messages import StaffMessageAgain, StaffMessages
from cases.hall.api.payments import CallBackView, PaymentView
from cases.hall.api.register import RegisterView
from cases.hall.api.systems import SystemEventsView
from cases.hall.api.trail import HallLogView, TrailView

urlpatterns: list[URLPattern | URLResolver] = [
    path("files/", FilesView.as_view(), name="api-files"),
    path("drafts/", DraftsView.as_view(), name="api-drafts"),
    path("drafts/<uuid:pk>/", DraftView.as_view(), name="api-draft"),
    path("cases/", CasesView.as_view(), name="api-cases"),
    path("cases/<str:number>/", CaseView.as_view(), name="api-case"),
    path("cases/<str:number>/files/", CaseFilesView.as_view(), name="api-case-files"),
    path("cases/<str:number>/clock/", ClockView.as_view(), name="api-case-clock"),
    path("cases/<str:number>/correction/", CorrectionView.as_view(), name="api-case-correction"),
    path("cases/<str:number>/trail/", TrailView.as_view(), name="api-case-trail"),
    path("cases/<str:number>/applicant/", ApplicantView.as_view(), name="api-case-applicant"),
    path("cases/<str:number>/actions/<str:name>/", ActionView.as_view(), name="api-case-action"),
    path("cases/<str:number>/payment/", PaymentView.as_view(), name="api-case-payment"),
    path("payments/call-back/", CallBackView.as_view(), name="api-payment-call-back"),
    path("bundles/<slug:key>/form/", BundleFormView.as_view(), name="api-bundle-form"),
    path("bundles/<slug:key>/cases/", BundleCasesView.as_view(), name="api-bundle-cases"),
    path("parent-cases/<str:number>/", WholeView.as_view(), name="api-parent-case"),
    path("parent-cases/<str:number>/withdraw/", WholeWithdrawView.as_view(), name="api-parent-withdraw"),
    path("register/", RegisterView.as_view(), name="api-register"),
    path("systems/<slug:key>/events/", SystemEventsView.as_view(), name="api-system-events"),
    path("proxy/principals/", PrincipalsView.as_view(), name="api-proxy-principals"),
    path("mandates/", MandatesView.as_view(), name="api-mandates"),
    path("mandates/<uuid:pk>/code/", CodeView.as_view(), name="api-mandate-code"),
    path("mandates/<uuid:pk>/confirm/", ConfirmView.as_view(), name="api-mandate-confirm"),
    path("mandates/<uuid:pk>/paper/", PaperView.as_view(), name="api-mandate-paper"),
    path("mandates/<uuid:pk>/revoke/", RevokeView.as_view(), name="api-mandate-revoke"),
    path("items/<str:code>/slots/", SlotsView.as_view(), name="api-item-slots"),
    path("bookings/", BookingsView.as_view(), name="api-bookings"),
    path("bookings/<str:number>/", BookingView.as_view(), name="api-booking"),
    path("bookings/<str:number>/change/", ChangeView.as_view(), name="api-booking-change"),
    path("bookings/<str:number>/confirm/", OfferView.as_view(), name="api-booking-confirm"),
    path("enquiries/", EnquiriesView.as_view(), name="api-enquiries"),
    path("enquiries/<str:number>/", EnquiryView.as_view(), name="api-enquiry"),
    path("enquiries/<str:number>/add/", EnquiryAddView.as_view(), name="api-enquiry-add"),
    path("enquiries/<str:number>/files/", EnquiryFilesView.as_view(), name="api-enquiry-files"),
    path("enquiries/<str:number>/rate/", EnquiryRateView.as_view(), name="api-enquiry-rate"),
    path("enquiries/<str:number>/reopen/", EnquiryReopenView.as_view(), name="api-enquiry-reopen"),
    path("answers/", AnswersView.as_view(), name="api-answers"),
    path("clerk/enquiries/", ClerkEnquiriesView.as_view(), name="api-clerk-enquiries"),
    path("clerk/enquiries/<str:number>/", ClerkEnquiryView.as_view(), name="api-clerk-enquiry"),
    path(
        "clerk/enquiries/<str:number>/actions/<str:name>/",
        ClerkEnquiryActView.as_view(),
        name="api-clerk-enquiry-act",
    ),
    path("clerk/cases/", DeskView.as_view(), name="api-clerk-cases"),
    path("staff/messages/", StaffMessages.as_view(), name="api-staff-messages"),
    path("staff/messages/<uuid:pk>/again/", StaffMessageAgain.as_view(), name="api-staff-message-again"),
    path("staff/audit/", HallLogView.as_view(), name="api-staff-audit"),
]
