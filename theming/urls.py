"""On every host: the hall's stylesheet and the display settings."""

from django.urls import path, re_path

from theming import views

app_name = "theming"
urlpatterns = [
    re_path(r"^theme-(?P<digest>[0-9a-f]{12})\.css$", views.stylesheet, name="stylesheet"),
    path("display/", views.set_display, name="display"),
]
