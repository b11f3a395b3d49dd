"""The city's calendar, outages and audit log, below city/."""

from django.urls import URLPattern, URLResolver, path

from cases.shared.views import calendar, channels, log, outages

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendar/", calendar.calendar, name="city-calendar"),
    path("calendar/new/", calendar.enter, name="city-calendar-new"),
    path("calendar/<int:year>/", calendar.year_page, name="city-calendar-year"),
    path("calendar/<int:year>/approve/", calendar.approve, name="city-calendar-approve"),
    path("calendar/<int:year>/discard/", calendar.discard, name="city-calendar-discard"),
    path("outages/", outages.city_outages, name="city-outages"),
    path("outages/<uuid:pk>/end/", outages.end, name="city-outage-end"),
    path("channels/", channels.index, name="city-channels"),
    path("channels/<slug:name>/", channels.test, name="city-channel"),
    path("audit/", log.city_log, name="city-audit"),
    path("audit/check/", log.city_check, name="city-audit-check"),
]
