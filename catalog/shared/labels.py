"""What the fields of an item are called, for forms, value rows and error sentences."""

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "code": _("编码"),
    "name": _("名称"),
    "summary": _("一句话说明"),
    "type": _("事项类型"),
    "department": _("部门"),
    "body_nature": _("主体性质"),
    "entrusted_by": _("委托部门"),
    "power_source": _("权力来源"),
    "joint_bodies": _("联办机构"),
    "intermediary": _("中介服务"),
    "levels": _("行使层级"),
    "audience": _("谁能办"),
    "service_objects": _("服务对象"),
    "themes": _("专题"),
    "life_events": _("人生大事"),
    "aliases": _("别名"),
    "kind": _("办件类型"),
    "statutory_days": _("法定时限"),
    "statutory_unit": _("法定时限单位"),
    "statutory_note": _("法定时限说明"),
    "promised_days": _("承诺时限"),
    "promised_unit": _("承诺时限单位"),
    "limit_note": _("时限说明"),
    "visits": _("要跑几次"),
    "visits_reason": _("为什么要跑"),
    "conditions": _("受理条件"),
    "steps": _("步骤"),
    "legal_basis": _("设定依据"),
    "special_procedures": _("听证、检验等"),
    "fees": _("收费"),
    "result_kind": _("结果类型"),
    "result_name": _("结果名称"),
    "result_validity": _("结果有效期"),
    "result_sample": _("结果样本"),
    "result_electronic": _("有电子证照"),
    "quantity_limit": _("数量限制"),
    "annual_inspection": _("年检"),
    "service_scope": _("通办范围"),
    "channels": _("办理形式"),
    "in_hall": _("进驻大厅"),
    "online_depth": _("网上能办到哪一步"),
    "online_steps": _("网办深度"),
    "can_apply": _("能在网上申请"),
    "can_book": _("能预约"),
    "identity_level": _("要实名到哪一级"),
    "proxy_allowed": _("能请代办员"),
    "delivery": _("领取方式"),
    "tolerance_allowed": _("能先收下再补"),
    "pledge_allowed": _("能告知承诺"),
    "materials": _("材料"),
    "form": _("要填的表"),
    "windows": _("窗口"),
    "address": _("地址"),
    "phone": _("咨询电话"),
    "complaint_phone": _("投诉电话"),
    "hours": _("办理时间"),
    "notes": _("注意事项"),
    "guide_text": _("补充说明"),
    "faq": _("常见问题"),
    "hidden": _("在本厅不显示"),
    "demonstration": _("演示数据"),
}
# what an edition says of an item's life
LIFE = {
    "status": _("状态"),
    "successor": _("接替的事项编码"),
    "effective_from": _("从哪天起"),
    "effective_to": _("用到哪天"),
}
# the keys of a list's row that a hall may give
ROWS = {
    "hidden": _("本厅不要这一条"),
    "position": _("排在第几"),
    "name": _("名称"),
    "role": _("谁来做"),
    "amount": _("金额（元）"),
    "standard": _("收费标准"),
    "exempt": _("不用交"),
    "exempt_by": _("为什么不用交"),
    "note": _("说明"),
    "spec": _("规格"),
    "address": _("地址"),
    "phone": _("电话"),
    "hours": _("时间"),
}
DELIVERY = {
    "window": _("到窗口取"),
    "ems": _("邮寄"),
    "proxy": _("代办员送到家"),
    "electronic": _("电子证照，网上下载"),
}
LEVELS = {"city": _("市级"), "county": _("县级"), "town": _("乡镇、街道")}


def field(name: str) -> str:
    """Return what a field is called; of ``materials.<key>`` the list's name."""
    return str({**FIELDS, **LIFE}.get(name.partition(".")[0], name))
