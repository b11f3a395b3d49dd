"""The API of a hall's items and overrides."""

from django.urls import URLPattern, URLResolver, path

from catalog.hall.api import bundles, catalog, feedback, fields, items, reviews, searching, staff

urlpatterns: list[URLPattern | URLResolver] = [
    path("items/", items.Items.as_view(), name="api-items"),
    path("items/<str:code>/", items.Item.as_view(), name="api-item"),
    path("items/<str:code>/form/", items.Form.as_view(), name="api-item-form"),
    path("items/<str:code>/feedback/", feedback.FeedbackView.as_view(), name="api-item-feedback"),
    path("bundles/", bundles.Bundles.as_view(), name="api-bundles"),
    path("bundles/<slug:key>/", bundles.BundleView.as_view(), name="api-bundle"),
    path("staff/feedback/", feedback.FeedbackQueue.as_view(), name="api-staff-feedback"),
    path("staff/search/", searching.NothingFound.as_view(), name="api-search"),
    path("staff/items/<str:code>/aliases/", searching.Aliases.as_view(), name="api-aliases"),
    path("staff/items/", staff.LocalItems.as_view(), name="api-local-items"),
    path("staff/items/<str:code>/draft/", staff.LocalDraftView.as_view(), name="api-local-draft"),
    path("staff/items/<str:code>/versions/", staff.LocalVersions.as_view(), name="api-local-versions"),
    path("staff/items/<str:code>/publish/", staff.Publication.as_view(), name="api-local-publish"),
    path("staff/items/<str:code>/overrides/", fields.Fields.as_view(), name="api-overrides"),
    path("staff/items/<str:code>/overrides/<str:field>/", staff.OverrideView.as_view(), name="api-override"),
    path("staff/reviews/", reviews.Reviews.as_view(), name="api-reviews"),
    path("staff/reviews/<str:code>/<str:field>/", reviews.Decision.as_view(), name="api-review"),
    path("staff/catalog/", catalog.Catalogue.as_view(), name="api-catalog"),
    path("staff/catalog/<str:code>/", catalog.Taken.as_view(), name="api-catalog-item"),
]
