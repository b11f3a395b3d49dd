"""Why a booking is refused: each says what to do. `code` and `status` are the API's, `field` what it is about."""

from datetime import date

from django.utils.translation import gettext as _

from cases.hall.clock import short_date_text


class BookingRefused(Exception):
    """The hall or a rule refuses; nothing was written."""

    code, status, field = "invalid", 400, ""


class HallNotTaking(BookingRefused):
    """The hall takes no bookings now."""

    code, status = "hall_not_taking", 409

    def __init__(self) -> None:
        super().__init__(_("本厅暂停预约，查进度、取证件照常"))


class NotBookable(BookingRefused):
    """An item is not offered here, or takes no bookings."""

    field = "items"

    def __init__(self) -> None:
        super().__init__(_("这个事项不用预约，工作时间直接来"))


class TooManyItems(BookingRefused):
    """A visit is for one to three items."""

    field = "items"

    def __init__(self, most: int) -> None:
        super().__init__(_("一次最多办 %(n)d 项，其他的请另约") % {"n": most})


class ItemsApart(BookingRefused):
    """No one window does all of these items."""

    field = "items"

    def __init__(self) -> None:
        super().__init__(_("这几项不在同一个窗口办，请分开约"))


class NotYourCase(BookingRefused):
    """The case is not one of this person's that runs."""

    field = "case"

    def __init__(self) -> None:
        super().__init__(_("没有这件，请对照编号再看一遍"))


class NoMandate(BookingRefused):
    """Nobody books for somebody else without a mandate."""

    code, status = "no_mandate", 403

    def __init__(self) -> None:
        super().__init__(_("您没有替这个人办事的委托"))


class TimeNotOffered(BookingRefused):
    """The day or time cannot be booked: not a slot, closed, too soon or too far."""

    code, status, field = "time_not_offered", 409, "time"

    def __init__(self) -> None:
        super().__init__(_("这个时间不能约，请另选"))


class TimeTaken(BookingRefused):
    """The last place went to somebody else."""

    code, status, field = "time_taken", 409, "time"

    def __init__(self) -> None:
        super().__init__(_("这个时间刚被约走，请另选"))


class NotFull(BookingRefused):
    """Nobody queues for a day that has places."""

    code, status, field = "not_full", 409, "date"

    def __init__(self) -> None:
        super().__init__(_("这一天还有空位，直接约就行"))


class OpenAlready(BookingRefused):
    """One open booking a person and item."""

    code, status, field = "already_booked", 409, "items"

    def __init__(self, number: str = "") -> None:
        super().__init__(
            _("这个事项您已经约过了，编号 %(number)s，可以改时间") % {"number": number}
            if number
            else _("这个事项您已经约过了")
        )
        self.number = number


class TooManyADay(BookingRefused):
    """Two a day at most."""

    code, status, field = "too_many_a_day", 409, "date"

    def __init__(self, most: int) -> None:
        super().__init__(_("一天最多约 %(n)d 次，请另选一天") % {"n": most})


class Barred(BookingRefused):
    """Three no-shows: no online booking for a while, walk-in stays."""

    code, status = "barred", 409

    def __init__(self, until: date) -> None:
        super().__init__(
            _("90 天内有 3 次约了没来，%(day)s以后才能网上约。您可以直接到窗口取号，或在没来的那次预约里申诉")
            % {"day": short_date_text(until)}
        )
        self.until = until


class TooLate(BookingRefused):
    """Less than two hours are left."""

    code, status = "too_late", 409

    def __init__(self) -> None:
        super().__init__(_("离约的时间不到 2 小时，不能再改或取消"))


class NoChangesLeft(BookingRefused):
    """A booking is changed twice at most."""

    code, status = "no_changes_left", 409

    def __init__(self, most: int) -> None:
        super().__init__(_("最多改 %(n)d 次时间，您可以取消后再约") % {"n": most})


class OfferGone(BookingRefused):
    """The offer was not confirmed in time."""

    code, status = "offer_gone", 409

    def __init__(self) -> None:
        super().__init__(_("没有在时限内确认，这个空位已经让给别人，您可以另约一天"))


class NotOpen(BookingRefused):
    """The booking is in no state for this."""

    code, status = "not_open", 409

    def __init__(self, state: str) -> None:
        super().__init__(_("这个预约现在是“%(state)s”，不能这样办") % {"state": state})


class SomebodyWasFaster(BookingRefused):
    """The booking was changed in the same moment."""

    code, status = "conflict", 409

    def __init__(self) -> None:
        super().__init__(_("这个预约刚刚变了，请再看一眼"))


class OtherBody(BookingRefused):
    """The idempotency key was used for another booking."""

    code, status = "idempotency_key_reused", 422

    def __init__(self) -> None:
        super().__init__(_("这个 Idempotency-Key 用在了另一个预约上，请换一个"))


class UnknownCode(BookingRefused):
    """No booking of today has this code."""

    code, status, field = "unknown_code", 404, "code"

    def __init__(self) -> None:
        super().__init__(_("今天没有这个号码的预约，请对照短信再看一遍，或到服务台取号"))


class NotNow(BookingRefused):
    """One checks in within a quarter of an hour of the time."""

    code, status, field = "not_now", 409, "code"

    def __init__(self, time: str, is_late: bool) -> None:
        text = (
            _("约的是 %(time)s，过了 15 分钟，已经作废。请到服务台取号")
            if is_late
            else _("约的是 %(time)s，提前 15 分钟才能签到")
        )
        super().__init__(text % {"time": time})


class NothingSaid(BookingRefused):
    """A text is needed."""

    field = "text"

    def __init__(self) -> None:
        super().__init__(_("请写明原因"))
