"""Personal data as a screen, list or export shows it to whoever needs no more (DOMAIN section 7)."""

_ID_SHOWN = (6, 4)
_PHONE_SHOWN = (3, 4)


def mask_name(name: str) -> str:
    """Return 张* of 张三: the first character and one star, so that the length tells nothing."""
    return f"{name.strip()[:1]}*" if name.strip() else ""


def mask_id(number: str) -> str:
    """Return 110105********002X: region and the last four, each other character a star."""
    return _masked(number, *_ID_SHOWN)


def mask_phone(number: str) -> str:
    """Return 138****5678: the first three and the last four, each other character a star."""
    return _masked(number, *_PHONE_SHOWN)


def mask_mail(address: str) -> str:
    """Return z***@example.org: the first letter and the domain."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***{at}{domain}" if name else ""


def mask_address(address: str) -> str:
    """Return 203.0.*.* or 2001:db8:*: the network, not the line; nothing of what is no address."""
    if ":" in address:
        return ":".join([*address.split(":")[:2], "*"])
    parts = address.split(".")
    return ".".join([*parts[:2], "*", "*"]) if len(parts) == 4 else ""


def _masked(text: str, first: int, last: int) -> str:
    """Hide the middle. What is too short to have one is hidden whole."""
    if len(text) <= first + last:
        return "*" * len(text)
    return f"{text[:first]}{'*' * (len(text) - first - last)}{text[-last:]}"
