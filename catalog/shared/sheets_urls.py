"""The city's pages of sheets; and the same addresses for a hall, from its own pages."""

from django.urls import URLPattern, path

from catalog.shared.views.sheets import CITY_PAGES, Pages, views


def addresses(pages: Pages, start: str) -> list[URLPattern]:
    """Return the addresses of these pages below a path that ends with items/."""
    made = views(pages)
    ends = {
        "": "import/", "-export": "export/", "-template": "import/template/", "-job": "import/<uuid:pk>/",
        "-decide": "import/<uuid:pk>/decide/", "-write": "import/<uuid:pk>/write/",
        "-publish": "import/<uuid:pk>/publish/", "-drop": "import/<uuid:pk>/drop/",
    }  # fmt: skip
    return [path(f"{start}{end}", made[name], name=f"{pages.names}{name}") for name, end in ends.items()]


urlpatterns = addresses(CITY_PAGES, "items/")
