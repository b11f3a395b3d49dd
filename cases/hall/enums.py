"""States, clocks and turns of a case (DOMAIN section 3)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """The state of a case, with the words an applicant reads."""

    DRAFT = "draft", _("没提交")
    SUBMITTED = "submitted", _("已提交")
    PRE_REVIEW = "pre_review", _("正在看")
    CORRECTION = "correction", _("等您补材料")
    TRANSFERRED = "transferred", _("转到别的大厅")
    ACCEPTED = "accepted", _("已受理")
    DEEMED_ACCEPTED = "deemed_accepted", _("已受理")
    NOT_ACCEPTED = "not_accepted", _("没有受理")
    REVIEW = "review", _("正在审查")
    SPECIAL = "special", _("暂停计时")
    EXTENDED = "extended", _("已延期")
    GRANTED = "granted", _("同意了")
    REFUSED = "refused", _("没有同意")
    DELIVERING = "delivering", _("等您来取")
    DELIVERED = "delivered", _("已办好")
    WITHDRAWN = "withdrawn", _("您撤回了")
    ABANDONED = "abandoned", _("过期没补")
    TERMINATED = "terminated", _("已终止")
    ARCHIVED = "archived", _("已归档")


class Whereabouts(TextChoices):
    """Where a result is between the decision and its holder, with the words of the applicant's tag."""

    ONLINE = "online", _("可以下载了")
    POSTED = "posted", _("已寄出")
    RETURNED = "returned", _("退回来了")
    POSTED_AGAIN = "posted_again", _("又寄出了")
    AT_WINDOW = "at_window", _("等您来取")
    IN_LOCKER = "in_locker", _("等您来取")
    WITH_PROXY = "with_proxy", _("代办员在送")


class Clock(TextChoices):
    """A: acceptance, 5 working days. C: correction, 15. P: promised. S: statutory. D: delivery, 10 working days."""

    ACCEPTANCE = "A", _("答复收不收")
    CORRECTION = "C", _("补材料")
    PROMISED = "P", _("承诺办结")
    STATUTORY = "S", _("法定办结")
    DELIVERY = "D", _("送达")


class Act(TextChoices):
    """What a ledger row does to its clock."""

    START = "start", _("开始")
    PAUSE = "pause", _("暂停")
    RESUME = "resume", _("恢复")
    EXTEND = "extend", _("延长")
    STOP = "stop", _("停止")


class Turn(TextChoices):
    """Whose turn it is."""

    APPLICANT = "applicant", _("该您了")
    HALL = "hall", _("我们在办")
    NOBODY = "nobody", _("已办完")


class Verdict(TextChoices):
    """What a clerk found of a material or an answer (一次性告知)."""

    MISSING = "missing", _("缺")
    WRONG = "wrong", _("错")
    UNCLEAR = "unclear", _("不清楚")
    EXPIRED = "expired", _("过期")


class ExportState(TextChoices):
    """A list on its way to a file."""

    WAITING = "waiting", _("正在做")
    READY = "ready", _("做好了")
    FAILED = "failed", _("没有做成")
    GONE = "gone", _("已过期删掉")


class Outcome(TextChoices):
    """What came of one case of an act on many. STALE: somebody else has acted on it since the page was shown."""

    WAITING = "waiting", _("还没办到")
    DONE = "done", _("办好了")
    STALE = "stale", _("别人刚处理过")
    NOT = "not", _("不能办")


class Consent(TextChoices):
    """How the applicant agreed to a small correction on the spot."""

    HERE = "here", _("当面同意")
    PHONE = "phone", _("电话里同意")
    WRITTEN = "written", _("书面同意")


class Power(TextChoices):
    """What a mandate lets somebody do for another."""

    FILL = "fill", _("填表、传材料")
    SUBMIT = "submit", _("提交")
    CORRECT = "correct", _("补材料")
    COLLECT = "collect", _("领结果")


class MandateKind(TextChoices):
    """A town's proxy 代办员 under a mandate; a parent or guardian 法定代理人 of a minor, by law."""

    PROXY = "proxy", _("代办")
    GUARDIAN = "guardian", _("监护人")


class Proof(TextChoices):
    """How a mandate was proved."""

    CODE = "code", _("本人手机验证码")
    PAPER = "paper", _("签字的委托书")
    ACCOUNT = "account", _("本人登录后同意")
    RELATION = "relation", _("出生证明或户口簿")


class MandateStanding(TextChoices):
    """How a mandate stands today."""

    WAITING = "waiting", _("等本人确认")
    IN_FORCE = "in_force", _("有效")
    EXPIRED = "expired", _("到期了")
    ENDED = "ended", _("已收回")


class Passage(TextChoices):
    """How far a message has come by one way out of the house."""

    WAITING = "waiting", _("在等")
    SENT = "sent", _("发出了")
    OFF = "off", _("不用发")
    LATE = "late", _("过了时候，没发")
    FAILED = "failed", _("没送到")
