"""Why something about an enquiry is refused: each says what to do. `code` and `status` are the API's, `field` what it is about."""

from django.utils.translation import gettext as _


class EnquiryRefused(Exception):
    """A rule refuses; nothing was written."""

    code, status, field = "invalid", 400, ""


class NothingSaid(EnquiryRefused):
    """A text is needed."""

    def __init__(self, field: str = "text") -> None:
        super().__init__(_("请写明，这里还空着"))
        self.field = field


class TooLong(EnquiryRefused):
    """The text is longer than is kept."""

    def __init__(self, most: int, field: str = "text") -> None:
        super().__init__(_("最多 %(n)d 个字") % {"n": most})
        self.field = field


class NotAWorkOrder(EnquiryRefused):
    """No number of a work order of the city's hotline looks so."""

    field = "hotline_number"

    def __init__(self) -> None:
        super().__init__(_("工单号只有数字、字母和短横线，最多 40 个"))


class NotInItems(EnquiryRefused):
    """The hall has no such item."""

    field = "item"

    def __init__(self) -> None:
        super().__init__(_("本厅没有这个事项"))


class NotYourCase(EnquiryRefused):
    """The case is not one of this person's."""

    field = "case"

    def __init__(self) -> None:
        super().__init__(_("没有这件，请对照编号再看一遍"))


class NotSaidWhat(EnquiryRefused):
    """It must be said what a complaint is about; a window must be one of the hall's."""

    def __init__(self, field: str = "about") -> None:
        super().__init__(_("请选一种"))
        self.field = field


class TooMany(EnquiryRefused):
    """So many of one person wait already, or so many were added."""

    code, status = "too_many", 409

    def __init__(self, most: int) -> None:
        super().__init__(_("最多 %(n)d 个，请等我们答复") % {"n": most})


class NotOpen(EnquiryRefused):
    """It is in no state for this."""

    code, status = "not_open", 409

    def __init__(self, state: str) -> None:
        super().__init__(_("现在是“%(state)s”，不能这样办") % {"state": state})


class AlreadyDone(EnquiryRefused):
    """Once is enough: rated, reopened, extended."""

    code, status = "already_done", 409

    def __init__(self) -> None:
        super().__init__(_("只能一次，已经办过了"))


class TooLate(EnquiryRefused):
    """The time for this is over."""

    code, status = "too_late", 409

    def __init__(self) -> None:
        super().__init__(_("过了时间，不能再办"))


class SomebodyHolds(EnquiryRefused):
    """A colleague works on it."""

    code, status = "conflict", 409

    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s正在办，要接过来请负责人移交") % {"name": name})


class NotForYou(EnquiryRefused):
    """It is no work of this person's."""

    code, status = "permission_denied", 403

    def __init__(self) -> None:
        super().__init__(_("这一步要负责人办"))


class NotAColleague(EnquiryRefused):
    """Whoever is named cannot be given this."""

    field = "to"

    def __init__(self) -> None:
        super().__init__(_("请选一位能办的同事，被投诉的人不能办"))


class NotADepartment(EnquiryRefused):
    """The hall has no such department."""

    field = "department"

    def __init__(self) -> None:
        super().__init__(_("请选一个部门"))


class NotToPublish(EnquiryRefused):
    """A complaint is never published, nor what somebody wants kept to themselves."""

    code, status = "not_to_publish", 409

    def __init__(self) -> None:
        super().__init__(_("本人没有同意公开，不能公开"))


class OtherBody(EnquiryRefused):
    """The idempotency key was used for another enquiry."""

    code, status = "idempotency_key_reused", 422

    def __init__(self) -> None:
        super().__init__(_("这个 Idempotency-Key 用在了别的内容上，请换一个"))
