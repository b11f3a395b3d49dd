"""一件事: several items applied for at once, and followed as one. `cases/<number>/` shows a parent by its own number."""

from django.urls import URLPattern, URLResolver, path

from cases.hall.views.bundles import start, whole

urlpatterns: list[URLPattern | URLResolver] = [
    path("bundles/<slug:key>/apply/", start.start, name="bundle-apply"),
    path("cases/<str:number>/withdraw/", whole.withdraw, name="whole-withdraw"),
    path("cases/<str:number>/give/<str:child>/<uuid:file_pk>/", whole.give_on, name="whole-give"),
]
