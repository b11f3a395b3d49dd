"""What a browser calls itself, in the few words by which its owner knows it: `Windows Chrome`. Nothing else of it is kept."""

# the first that is found: browsers call themselves by each other's names
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("UOS", "UOS"),
    ("Kylin", "Kylin"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("AlipayClient", "Alipay"),
    ("HuaweiBrowser", "Huawei"),
    ("MiuiBrowser", "Miui"),
    ("QQBrowser", "QQ"),
    ("UCBrowser", "UC"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def words(agent: str) -> str:
    """Return system and browser; what is not known is left out."""
    found = [next((name for mark, name in known if mark in agent), "") for known in (_SYSTEMS, _BROWSERS)]
    return " ".join(filter(None, found))
