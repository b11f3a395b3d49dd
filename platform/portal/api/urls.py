"""The portal's API: halls, items of all halls, verification."""

from django.urls import URLPattern, URLResolver, include, path

from cases.shared.api.log import CityLogView
from portal.api import bundles, city, data, materials, messages, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("halls/", views.Halls.as_view(), name="api-halls"),
    path("items/", views.Items.as_view(), name="api-portal-items"),
    path("city/audit/", CityLogView.as_view(), name="api-city-audit"),
    path("city/reviews/", city.Reviews.as_view(), name="api-city-reviews"),
    path("bundles/", bundles.Bundles.as_view(), name="api-portal-bundles"),
    path("bundles/<slug:key>/", bundles.BundleView.as_view(), name="api-portal-bundle"),
    path("me/data/", data.Requests.as_view(), name="api-my-data"),
    path("me/data/code/", data.CodeView.as_view(), name="api-my-data-code"),
    path("me/data/<uuid:pk>/", data.RequestView.as_view(), name="api-my-data-request"),
    path("me/data/<uuid:pk>/file/", data.FileView.as_view(), name="api-my-data-file"),
    path("me/readings/", data.Readings.as_view(), name="api-my-readings"),
    path("me/messages/", messages.Messages.as_view(), name="api-messages"),
    path("me/messages/seen/", messages.MessagesSeen.as_view(), name="api-messages-seen"),
    path("me/materials/", materials.Materials.as_view(), name="api-materials"),
    path("me/materials/<uuid:pk>/", materials.MaterialView.as_view(), name="api-material"),
    path("verify/<str:code>/", views.Verify.as_view(), name="api-verify"),
    path("city/", include("catalog.shared.api.urls")),
]
