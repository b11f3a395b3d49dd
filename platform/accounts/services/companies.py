"""Acting for a company: declared by whoever does, or proved by its legal representative's authorisation.

Representative and agents are one for the whole city, like the companies: a hall only looks at licence and card.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import router, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, Company
from accounts.queries import person_with_phone
from accounts.validators import normalize_id, validate_uscc
from audit.models import Record

LONGEST = timedelta(days=366)


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
    Agency.objects.filter(company_id=uscc, person_id=person).update(is_active=False, authorised_by=None)


class NotAuthorised(Exception):
    """It cannot be so: `fields` says what to change."""

    def __init__(self, **fields: str) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields


def record_representative(
    *, uscc: str, name: str, representative: str, id_number: str, phone: str, clerk: UUID, now: datetime
) -> Company:
    """Note a company's legal representative, whose licence and ID card a clerk has before them. Audited.

    The account of this phone must have this name and ID number. What others declared ends: the representative authorises
    anew. Raises ValidationError, OtherName, NotAuthorised.
    """
    person = person_with_phone(phone, representative)
    if person is None or person.id_number != id_number:
        raise NotAuthorised(phone=_("姓名、身份证号、手机号和他的账号对不上，请他先注册"))
    validate_uscc(uscc)
    with transaction.atomic(using=router.db_for_write(Company)):
        company, _made = Company.objects.select_for_update().get_or_create(
            uscc=normalize_id(uscc), defaults={"name": name.strip(), "created_at": now}
        )
        if company.name != name.strip():
            raise OtherName
        company.representative, company.checked_at = person, now
        company.save(update_fields=["representative", "checked_at"])
        Agency.objects.filter(company=company).exclude(authorised_by=person.pk).update(authorised_by=None)
        _audit("company.representative", company, by=clerk, now=now)
    return company


def authorise(company: Company, *, name: str, phone: str, until: date, by: UUID, now: datetime) -> Agency:
    """Let somebody act for a company until that day, a year at most: by its representative. Again moves the day. Audited.

    Name and phone must belong together, so that nobody learns whose a number is. Raises NotAuthorised.
    """
    today = timezone.localdate(now)
    if not today <= until <= today + LONGEST:
        raise NotAuthorised(until=_("从今天起，最长一年"))
    person = person_with_phone(phone, name)
    if person is None or not person.is_active:
        raise NotAuthorised(phone=_("姓名和手机号对不上，或者他还没注册"))
    with transaction.atomic(using=router.db_for_write(Company)):
        if not Company.objects.select_for_update().filter(pk=company.pk, representative=by).exists():
            raise NotAuthorised(phone=_("您不是这家企业登记的法定代表人"))
        values = {"is_active": True, "authorised_by": by, "until": until}
        agency, _made = Agency.objects.update_or_create(
            company=company, person=person, defaults=values, create_defaults={**values, "created_at": now}
        )
        _audit("company.authorise", company, by=by, now=now)
    return agency


def end(company: Company, person: UUID, *, by: UUID, now: datetime) -> None:
    """End what an agent may do, at once: by the representative. Audited. Raises NotAuthorised for anybody else."""
    with transaction.atomic(using=router.db_for_write(Company)):
        if not Company.objects.select_for_update().filter(pk=company.pk, representative=by).exists():
            raise NotAuthorised(phone=_("您不是这家企业登记的法定代表人"))
        leave(person, uscc=company.pk)
        _audit("company.end", company, by=by, now=now)


def _audit(action: str, company: Company, *, by: UUID, now: datetime) -> None:
    row = Record(at=now, actor=by, action=action, object=company.pk)
    row.save(using=router.db_for_write(Company), force_insert=True)
