"""What is the same for a hall's look and the city's: the host says whose it is."""

from django.urls import URLPattern, path, re_path

from theming.views import editing, publishing

addresses: list[URLPattern] = [
    path("", editing.overview, name="theme"),
    path("publish/", publishing.publish, name="theme-publish"),
    path("discard/", publishing.discard, name="theme-discard"),
    path("preview/", publishing.preview_pages, name="theme-preview"),
    path("history/", publishing.history, name="theme-history"),
    path("history/<int:number>/", publishing.version, name="theme-version"),
    re_path(r"^draft-(?P<digest>[0-9a-f]{12})\.css$", publishing.draft_stylesheet, name="theme-draft-css"),
    re_path(
        r"^(?P<group>colours|pictures|banner|notices|blocks|footer)/$", editing.section, name="theme-section"
    ),
]
