"""Acting for a company: checked by its credit code, not proved."""

from datetime import datetime
from uuid import UUID

from django.db import router, transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, Company
from accounts.validators import normalize_id, validate_uscc


class OtherName(Exception):
    """The code stands here with another name, which is not told to whoever asks."""

    def __init__(self) -> None:
        super().__init__(_("这个信用代码已用别的名称登记过。请对照营业执照，名称没错就带执照到窗口改"))


def add(person: UUID, *, uscc: str, name: str, now: datetime) -> Company:
    """Let this person act for the company from now on; again changes nothing.

    It opens nothing that others filed: who may see a case goes by the person. Raises ValidationError for a code whose
    check digits are wrong, OtherName when the code is known under another name.
    """
    validate_uscc(uscc)
    with transaction.atomic(using=router.db_for_write(Company)):
        company, _made = Company.objects.get_or_create(
            uscc=normalize_id(uscc), defaults={"name": name.strip(), "created_at": now}
        )
        if company.name != name.strip():
            raise OtherName
        Agency.objects.update_or_create(
            company=company,
            person_id=person,
            defaults={"is_active": True},
            create_defaults={"is_active": True, "created_at": now},
        )
    return company


def leave(person: UUID, *, uscc: str) -> None:
    """Let this person no longer act for the company; the row stays, since cases were filed under it."""
    Agency.objects.filter(company_id=uscc, person_id=person).update(is_active=False)
