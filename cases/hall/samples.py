"""Invented facts for the sample of a paper, so that staff see a wording before it holds. Pure."""

from datetime import date, timedelta
from typing import Any

from tenants.shared.models import Hall


def facts(hall: Hall, item_name: str, day: date) -> dict[str, Any]:
    """Return facts that fill every variable of every kind of paper, of nobody."""
    later = [(day + timedelta(days=days)).isoformat() for days in (5, 20, 365)]
    return {
        "hall": hall.name,
        "department": f"{hall.department_prefix}某某局",
        "number": f"{hall.case_prefix}{day:%y%m%d}000000",
        "document_no": f"{hall.document_prefix}样〔{day.year}〕00000号",
        "item_name": item_name or "某某事项",
        "result_name": "某某许可证",
        "validity": "1 年",
        "valid_until": later[2],
        "holder": "张某某",
        "holder_id": "000000********0000",
        "legal_basis": ["《某某条例》第一条"],
        "issued_on": day.isoformat(),
        "reason": "这里写理由。",
        "competent_body": "某某机关",
        "promised_due": later[0],
        "statutory_due": later[1],
        "procedure": "听证",
        "days": 10,
        "basis": "《某某条例》第二条",
        "remedy": "补齐条件后重新申请",
        "ground": "《中华人民共和国行政许可法》第六十九条",
        "handed": "窗口领取",
        "parcel": "0000000000000",
        "until": f"{day.year}年{day.month}月{day.day}日",
        "n": 1,
        "fee": "某某工本费",
        "money": "20 元",
        "fee_basis": "某某收费文件",
        "paid_by": "网上缴款",
        "paragraphs": ["这里是市里的标准写法。"],
        "points": [["身份证", "照片不清楚，请重新拍"]],
        "mark": "样张",
    }
