"""What the account keeps how long (audit.retention)."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.services.closing import REOPENED_WITHIN
from accounts.services.tidy import SIGN_INS_KEPT
from audit.retention import OnErasure, Place, Rule

TIDY = "accounts.services.tidy.remove_expired"

RULES = (
    Rule(
        key="account",
        what=_("账号：姓名、身份证号、手机号、密码"),
        models=("accounts.Person",),
        kept=format_lazy(
            _("到您注销；姓名和身份证号在注销后再留 {n} 天，供您到窗口恢复"), n=REOPENED_WITHIN.days
        ),
        ground=_("个人信息保护法第 47 条；移动互联网服务要能注销账号"),
        ending=_("注销时手机号马上放开，到期后姓名、身份证号抹掉，只剩一个没有含义的编号"),
        on_erasure=OnErasure.STAYS,
        place=Place.GATE,
        days=REOPENED_WITHIN.days,
        sweep="accounts.services.closing.blank_closed",
    ),
    Rule(
        key="reach",
        what=_("怎么通知您：邮箱、哪几样不发、几点不打扰"),
        models=("accounts.Reach",),
        kept=_("到您改掉或注销"),
        ground=_("个人信息保护法第 13 条：按您的意愿"),
        ending=_("您随时能改、能删邮箱；注销时删"),
        on_erasure=OnErasure.STAYS,
        place=Place.GATE,
    ),
    Rule(
        key="factor",
        what=_("两步登录：验证器的密钥、通行密钥、恢复码、用过的密码（都不是原文）"),
        models=("accounts.Factor", "accounts.RecoveryCode", "accounts.FormerPassword"),
        kept=_("到您删掉、管理员重置或注销"),
        ground=_("网络安全法：等级保护，重要岗位要两种以上办法鉴别身份"),
        ending=_("您随时能删；注销时删"),
        on_erasure=OnErasure.STAYS,
        place=Place.GATE,
    ),
    Rule(
        key="material",
        what=_("“我的材料”：您存着下次再用的证件和证明"),
        models=("accounts.Material",),
        kept=_("到您自己删"),
        ground=_("个人信息保护法第 13 条：按您的意愿"),
        ending=_("您随时能删；要求删除资料或注销时都删"),
        on_erasure=OnErasure.GOES,
        place=Place.GATE,
    ),
    Rule(
        key="company",
        what=_("您替哪家企业办事、法定代表人是谁"),
        models=("accounts.Company", "accounts.Agency"),
        kept=_("到您说不再替它办，或授权到期"),
        ground=_("个人信息保护法第 13 条：办理您要办的事所必需"),
        ending=_("停用；法定代表人由企业到窗口改"),
        on_erasure=OnErasure.GOES,
        place=Place.GATE,
    ),
    Rule(
        key="session",
        what=_("登录状态（什么设备、网络地址的前半）、登录凭据、短信和窗口验证码、试了几次"),
        models=(
            "accounts.Session",
            "accounts.Ticket",
            "accounts.Token",
            "accounts.Code",
            "accounts.WindowCode",
            "accounts.Counter",
            "accounts.Challenge",
        ),
        kept=_("最长 12 小时；验证码 5 分钟"),
        ground=_("个人信息保护法第 19 条：最短所必需"),
        ending=_("到时失效，每天清掉"),
        on_erasure=OnErasure.STAYS,
        place=Place.GATE,
        sweep=TIDY,
    ),
    Rule(
        key="sign-in",
        what=_("登录日志：时间、网络地址、成没成"),
        models=("accounts.SignIn",),
        kept=format_lazy(_("{n} 天"), n=SIGN_INS_KEPT.days),
        ground=_("网络安全法：日志至少留 6 个月"),
        ending=_("到期删"),
        on_erasure=OnErasure.STAYS,
        place=Place.GATE,
        days=SIGN_INS_KEPT.days,
        sweep=TIDY,
    ),
)
