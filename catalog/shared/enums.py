"""What the fields of an item may hold (GB/T 39554.2-2020, DOMAIN section 1)."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class ItemType(TextChoices):
    """The types of item that a hall offers on application 依申请."""

    LICENSING = "01", _("行政许可")
    BENEFIT = "05", _("行政给付")
    CONFIRMATION = "07", _("行政确认")
    REWARD = "08", _("行政奖励")
    RULING = "09", _("行政裁决")
    OTHER_POWER = "10", _("其他行政权力")
    PUBLIC_SERVICE = "20", _("公共服务")


class Kind(TextChoices):
    """办件类型: done on the spot, or within a promised time."""

    INSTANT = "instant", _("当场办好")
    PROMISED = "promised", _("几天办好")


class Unit(TextChoices):
    """The unit of a limit."""

    WORKING = "working", _("工作日")
    NATURAL = "natural", _("自然日")


class BodyNature(TextChoices):
    """主体性质: on which footing the implementing body acts."""

    STATUTORY = "1", _("法定机关")
    AUTHORISED = "2", _("授权组织")
    ENTRUSTED = "3", _("受委托组织")


class PowerSource(TextChoices):
    """权力来源."""

    OWN = "own", _("法定本级行使")
    DELEGATED = "delegated", _("上级下放")
    AUTHORISED = "authorised", _("授权")
    ENTRUSTED = "entrusted", _("委托")


class ServiceObject(TextChoices):
    """服务对象: whom the item serves, as the standard counts them."""

    PERSON = "1", _("自然人")
    COMPANY = "2", _("企业法人")
    INSTITUTION = "3", _("事业法人")
    SOCIETY = "4", _("社会组织法人")
    UNINCORPORATED = "5", _("非法人企业")
    AUTHORITY = "6", _("行政机关")
    OTHER = "9", _("其他组织")


class Channel(TextChoices):
    """办理形式: the ways by which an application comes in."""

    WINDOW = "window", _("窗口办理")
    ONLINE = "online", _("网上办理")
    TERMINAL = "terminal", _("自助终端")
    POST = "post", _("快递申请")


class OnlineStep(TextChoices):
    """网办深度 of the national standard: each step that can be taken online."""

    ASK = "1", _("互联网咨询")
    RECEIVE = "2", _("互联网收件")
    REVIEW = "3", _("互联网预审")
    ACCEPT = "4", _("互联网受理")
    HANDLE = "5", _("互联网办理")
    RESULT = "6", _("互联网办理结果信息反馈")
    LICENCE = "7", _("互联网电子证照反馈")


class ServiceScope(TextChoices):
    """通办范围: how far away the item can be applied for."""

    NATION = "全国", _("全国")
    PROVINCES = "跨省", _("跨省（长三角）")
    PROVINCE = "全省", _("全省")
    CITY = "全市", _("全市")
    COUNTY = "全县", _("全县")
    NONE = "无", _("无")


class Change(TextChoices):
    """What a new version of an item does to those who apply: says it otherwise, asks less or offers more, asks more."""

    WORDING = "wording", _("只改文字")
    WIDER = "wider", _("对群众更方便")
    NARROWER = "narrower", _("对群众更严")


class Audience(TextChoices):
    """Whom an item serves."""

    PERSONAL = "personal", _("个人")
    BUSINESS = "business", _("企业和组织")
    BOTH = "both", _("个人、企业都能办")


class ResultKind(TextChoices):
    """What an item gives."""

    LICENCE = "licence", _("证照")
    APPROVAL = "approval", _("批文")
    OTHER = "other", _("其他")


class Status(TextChoices):
    """事项状态."""

    DRAFT = "draft", _("草稿")
    ACTIVE = "active", _("在用")
    SUSPENDED = "suspended", _("暂停")
    CANCELLED = "cancelled", _("取消")


class Depth(IntegerChoices):
    """网办深度: guide only, online pre-review, online acceptance with at most one visit, no visit."""

    GUIDE = 1, _("看指南")
    PRE_REVIEW = 2, _("网上预审")
    ACCEPTANCE = 3, _("最多跑一次")
    FULL = 4, _("一次不跑")


class SheetState(TextChoices):
    """Where a file of items stands on its way: what is asked of the worker, what it is at, what came of it."""

    UPLOADED = "uploaded", _("等着读")
    READING = "reading", _("正在读")
    READY = "ready", _("请您看一遍")
    REFUSED = "refused", _("不能导入")
    QUEUED = "queued", _("等着写入")
    WRITING = "writing", _("正在写入")
    DONE = "done", _("已写入")
    APPROVED = "approved", _("等着发布")
    PUBLISHING = "publishing", _("正在发布")
    PUBLISHED = "published", _("已发布")
