"""Mandates for tests: a proxy in office, an old neighbour, a mandate in force; in the scope that is open."""

from datetime import timedelta

from tests.conftest import actor
from tests.template import NOW

NEIGHBOUR = "陶老汉"
NEIGHBOUR_PHONE = "13700000001"


def id_number(first="341621194003072"):
    """An ID number that its check digit fits, of 15 or 17 digits given."""
    from stdnum.cn import ric

    body = first if len(first) == 17 else f"{first}81"
    return body + ric.calc_check_digit(body + "0")


def number_of(username, number):
    """Give this person an ID number of their own: the cast share one."""
    from accounts.models import Person
    from tests.template import PERSON_ID

    person = Person.objects.get(pk=PERSON_ID[username])
    person.id_number = number
    person.save(update_fields=["id_number"])


def term(username="zhou", now=NOW, hall="east"):
    """Appoint this person proxy of the hall's town for a year."""
    from accounts.models import Person
    from cases.hall.services import terms
    from tests.template import PERSON_ID

    person = Person.objects.get(pk=PERSON_ID[username])
    admin = actor(f"{hall}_staff", ["hall_admin"])
    town = {"east": "349901100", "west": "349902100"}[hall]
    return terms.appoint(person, town=town, until=now.date() + timedelta(days=365), by=admin, now=now)


def facts(name=NEIGHBOUR, number=None, phone=NEIGHBOUR_PHONE):
    """Who the neighbour is."""
    from cases.hall.services import principals

    return principals.Facts(name, id_number() if number is None else number, phone)


def asked(who=None, username="zhou", now=NOW, **terms):
    """A mandate that waits for its proof."""
    from cases.hall.services import mandates

    terms = {"until": now.date() + timedelta(days=90), **terms}
    return mandates.ask(who or facts(), mandates.Terms(**terms), actor=actor(username), now=now)


def in_force(who=None, username="zhou", now=NOW, **terms):
    """A mandate that a signed paper proves."""
    from cases.hall.services import proofs
    from tests.cases.hall.making import upload

    return proofs.by_paper(
        asked(who, username, now, **terms), upload("委托书.jpg"), actor=actor(username), now=now
    )


def begun(mandate, item, username="zhou", now=NOW):
    """A complete draft that the proxy began under the mandate."""
    from cases.hall.services import drafts
    from tests.cases.hall.making import upload

    by = actor(username)
    case = drafts.start(item, actor=by, mandate=mandate.pk, now=now)
    case = drafts.save_answers(case, {"spouse": "李四"}, actor=by, now=now)
    case = drafts.set_delivery(case, {"method": "window"}, actor=by, now=now)
    drafts.add_file(case, material_key="m1", upload=upload(), actor=by, now=now)
    return case


def filed(mandate, item, username="zhou", now=NOW):
    """A case that the proxy filed under the mandate."""
    from cases.hall.services import submit

    case = begun(mandate, item, username, now)
    return submit.submit(
        case,
        actor=actor(username),
        applicant=None,
        version=case.item_version,
        idempotency_key=f"draft-{case.pk}",
        now=now,
    )
