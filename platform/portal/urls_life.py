"""A hall's life, its renaming and its end: below city/halls/<key>/."""

from django.urls import URLPattern, URLResolver, path

from portal.views import hall_end, hall_life

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:key>/life/", hall_life.life, name="city-hall-life"),
    path("<slug:key>/life/<slug:name>/", hall_life.step, name="city-hall-step"),
    path("<slug:key>/closing/", hall_life.left, name="city-hall-closing"),
    path("<slug:key>/rename/", hall_end.rename, name="city-hall-rename"),
    path("<slug:key>/delete/", hall_end.delete, name="city-hall-delete"),
    path("<slug:key>/certificate/", hall_end.certificate, name="city-hall-certificate"),
    path("<slug:key>/certificate/signature/", hall_end.signature, name="city-hall-signature"),
]
