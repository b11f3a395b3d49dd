"""What lists of items are asked for by API: the same in a hall and on the portal, and on their pages."""

from drf_spectacular.utils import OpenApiParameter

WORDS = OpenApiParameter("q", str, description="words of the name or of an alias")
NARROWING = [
    OpenApiParameter("theme", str, description="list:code"),
    OpenApiParameter("event", str, description="list:code of a life event"),
    OpenApiParameter("department", str, description="the catalogue's short name"),
    OpenApiParameter("audience", str, enum=["personal", "business", "both"]),
    OpenApiParameter("letter", str, description="A to Z, the first of the name's pinyin; 0 for none"),
    OpenApiParameter("online", str, enum=["1"], description="can be done online entirely"),
    OpenApiParameter("zero", str, enum=["1"], description="nobody must come"),
    OpenApiParameter("instant", str, enum=["1"], description="done at once"),
]
