"""Paying the fee of a case."""

from django.urls import URLPattern, URLResolver, path

from cases.hall.views.payments import pay

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/<str:number>/pay/", pay.page, name="case-pay"),
    path("cases/<str:number>/pay/ask/", pay.ask, name="case-pay-ask"),
]
