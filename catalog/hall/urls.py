"""A hall's home, items, guides, and the staff's item pages."""

from django.urls import URLPattern, URLResolver, path

from catalog.hall.views import (
    bundles,
    claim,
    desk,
    feedback,
    guide,
    listing,
    local,
    papers,
    reviews,
    searching,
    sheets,
    staff,
)
from catalog.shared.sheets_urls import addresses

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.home, name="home"),
    path("departments/", listing.departments, name="departments"),
    path("bundles/", bundles.index, name="bundles"),
    path("bundles/<slug:key>/", bundles.bundle, name="bundle"),
    path("feedback/<uuid:key>/", feedback.read, name="feedback"),
    path("items/", listing.items, name="items"),
    path("items/az/", listing.alphabet, name="items-az"),
    path("items/suggest/", searching.suggest, name="items-suggest"),
    path("items/<str:code>/", guide.item, name="item"),
    path("items/<str:code>/guide.pdf", papers.guide_pdf, name="item-pdf"),
    path("items/<str:code>/qr.svg", papers.qr, name="item-qr"),
    path("items/<str:code>/feedback/", feedback.write, name="item-feedback"),
    path("staff/", desk.desk, name="staff"),
    path("staff/reviews/", reviews.queue, name="staff-reviews"),
    path("staff/reviews/<int:pk>/", reviews.one, name="staff-review"),
    path("staff/catalog/", claim.catalogue, name="staff-catalog"),
    path("staff/catalog/department/", claim.department, name="staff-catalog-department"),
    path("staff/policy/", staff.policy, name="staff-policy"),
    path("staff/feedback/", feedback.queue, name="staff-feedback"),
    path("staff/feedback/<int:pk>/", feedback.answer, name="staff-feedback-answer"),
    path("staff/search/", searching.staff_search, name="staff-search"),
    path("staff/search/aliases/", searching.add_alias, name="staff-search-alias"),
    path("staff/search/aliases/<int:pk>/remove/", searching.remove_alias, name="staff-search-alias-remove"),
    path("staff/items/", staff.items, name="staff-items"),
    path("staff/items/new/", local.new, name="staff-local-new"),
    # before the addresses of one item, whose code may be any text
    *addresses(sheets.PAGES, "staff/items/"),
    path("staff/items/<str:code>/", staff.item, name="staff-item"),
    path("staff/items/<str:code>/fields/<str:field>/", staff.value, name="staff-item-value"),
    path("staff/items/<str:code>/hide/", staff.hide, name="staff-item-hide"),
    path("staff/items/<str:code>/release/", claim.release, name="staff-item-release"),
    path("staff/items/<str:code>/local/", local.item, name="staff-local-item"),
    path("staff/items/<str:code>/edit/", local.edit, name="staff-local-edit"),
    path("staff/items/<str:code>/publish/", local.publish, name="staff-local-publish"),
    path("staff/items/<str:code>/discard/", local.discard, name="staff-local-discard"),
    path("staff/items/<str:code>/versions/", local.versions, name="staff-local-versions"),
    path("staff/items/<str:code>/compare/", local.compare, name="staff-local-compare"),
]
