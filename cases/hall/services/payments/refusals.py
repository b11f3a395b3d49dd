"""Why somebody cannot pay now, in words that say what to do next."""

from django.utils.translation import gettext as _


class NothingToPay(Exception):
    """The case owes nothing now (HTTP 409)."""

    def __init__(self) -> None:
        super().__init__(_("这件现在没有要缴的，请看看进度"))


class WindowOnly(Exception):
    """No provider is set: fees are paid at the window (HTTP 409)."""

    def __init__(self) -> None:
        super().__init__(_("现在不能网上缴，请带编号到窗口缴"))


class ProviderAway(Exception):
    """The provider does not answer; nothing was taken (HTTP 503)."""

    def __init__(self) -> None:
        super().__init__(_("现在连不上付款平台，没有扣钱。过几分钟再试，也可以到窗口缴"))
