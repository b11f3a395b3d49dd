"""Asking, complaining, answering, and the answers that everybody may read."""

from django.urls import URLPattern, URLResolver, path

from cases.hall.views.enquiries import answers, asking, desk, own

urlpatterns: list[URLPattern | URLResolver] = [
    path("ask/", asking.ask, name="ask"),
    path("complain/", asking.complain, name="complain"),
    path("enquiries/", own.index, name="enquiries"),
    path("enquiries/<str:number>/", own.show, name="enquiry"),
    path("enquiries/<str:number>/add/", own.add, name="enquiry-add"),
    path("enquiries/<str:number>/rate/", own.rate, name="enquiry-rate"),
    path("enquiries/<str:number>/private/", own.keep_private, name="enquiry-private"),
    path("enquiries/<str:number>/reopen/", own.reopen, name="enquiry-reopen"),
    path("enquiries/<str:number>/files/<uuid:file_pk>/", own.file, name="enquiry-file"),
    path("answers/", answers.index, name="answers"),
    path("answers/<uuid:pk>/", answers.show, name="answer"),
    path("clerk/enquiries/", desk.index, name="clerk-enquiries"),
    path("clerk/enquiries/<str:number>/", desk.show, name="clerk-enquiry"),
    path("clerk/enquiries/<str:number>/publish/", desk.publish, name="clerk-enquiry-publish"),
    path("clerk/enquiries/<str:number>/<slug:name>/", desk.act, name="clerk-enquiry-act"),
]
