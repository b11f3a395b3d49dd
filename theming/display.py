"""What a reader may choose: large letters (长辈版), high contrast (高对比), both or none. Kept in a cookie."""

COOKIE = "display"
COOKIE_SECONDS = 365 * 24 * 3600
CHOICES = ("elder", "hc")


def classes(cookie: str) -> str:
    """Return the classes of `html` that a cookie asks for, in a fixed order; what is unknown is dropped."""
    asked = cookie.split()
    return " ".join(name for name in CHOICES if name in asked)


def switched(cookie: str, name: str) -> str:
    """Return the cookie with one choice turned over; an unknown name changes nothing."""
    asked = set(classes(cookie).split())
    if name in CHOICES:
        asked ^= {name}
    return classes(" ".join(asked))
