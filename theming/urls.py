"""On every host: the hall's stylesheet, its pictures and the display settings."""

from django.urls import path, re_path

from theming import views

app_name = "theming"
urlpatterns = [
    re_path(r"^theme-(?P<digest>[0-9a-f]{12})\.css$", views.stylesheet, name="stylesheet"),
    re_path(r"^look/(?P<digest>[0-9a-f]{64})\.(?P<kind>png|jpeg|svg)$", views.picture, name="picture"),
    path("display/", views.set_display, name="display"),
]
