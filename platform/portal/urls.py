"""The city's front door and its console."""

from django.urls import URLPattern, URLResolver, include, path

from portal.views import bundles, city, data, forms, home, jobs, materials, me, messages, phrases, verify

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("halls/", home.halls, name="halls"),
    path("search/", home.search, name="search"),
    path("search/suggest/", home.suggest, name="search-suggest"),
    path("items/<str:code>/", home.item, name="item"),
    path("bundles/", bundles.index, name="bundles"),
    path("bundles/<slug:key>/", bundles.bundle, name="bundle"),
    path("city/", city.console, name="city"),
    path("city/reviews/", city.reviews, name="city-reviews"),
    path("city/feedback/", city.feedback, name="city-feedback"),
    path("city/halls/", include("portal.urls_life")),
    path("city/jobs/", jobs.index, name="city-jobs"),
    path("city/jobs/<int:pk>/", jobs.one, name="city-job"),
    path("city/jobs/<int:pk>/wish/", jobs.wish, name="city-job-wish"),
    # before the addresses of one item, whose code may be any text
    path("city/", include("catalog.shared.sheets_urls")),
    path("city/items/<str:code>/form/", forms.item_form, name="city-item-form"),
    path("city/", include("catalog.shared.urls")),
    path("city/", include("cases.shared.urls")),
    path("city/search/", phrases.city_search, name="city-search"),
    path("city/search/phrases/", phrases.add, name="city-phrase"),
    path("city/search/phrases/<int:pk>/remove/", phrases.remove, name="city-phrase-remove"),
    path("me/", me.me, name="me"),
    path("me/data/", data.mine, name="my-data"),
    path("me/data/export/", data.export, name="my-data-export"),
    path("me/data/erase/", data.erase, name="my-data-erase"),
    path("me/data/close/", data.close, name="my-data-close"),
    path("me/data/<uuid:pk>/", data.one, name="my-data-request"),
    path("me/data/<uuid:pk>/file/", data.file, name="my-data-file"),
    path("me/readings/", data.readings, name="my-readings"),
    path("receipts/<str:key>/", data.receipt, name="receipt"),
    path("privacy/", data.privacy, name="privacy"),
    path("me/messages/", messages.messages, name="messages"),
    path("me/materials/", materials.index, name="materials"),
    path("me/materials/<uuid:pk>/", materials.one, name="material"),
    path("me/materials/<uuid:pk>/file/", materials.download, name="material-file"),
    path("me/materials/<uuid:pk>/remove/", materials.remove, name="material-remove"),
    path("verify/", verify.verify, name="verify"),
    path("verify/file/", verify.verify_file, name="verify-file"),
    path("verify/<str:code>/", verify.verify_code, name="verify-code"),
]
