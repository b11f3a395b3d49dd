"""The city's front door and its console."""

from django.urls import URLPattern, URLResolver, path

from portal.views import city, home, me, verify

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("halls/", home.halls, name="halls"),
    path("search/", home.search, name="search"),
    path("items/<str:code>/", home.item, name="item"),
    path("city/", city.console, name="city"),
    path("me/", me.me, name="me"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.verify_code, name="verify-code"),
]
