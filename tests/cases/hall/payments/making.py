"""Cases with a fee, and a provider that says of them what a test wants."""

import uuid
from itertools import count

from cases.hall.paying import Forged, Order, Saying, Started, Unreachable
from cases.hall.payment_enums import Said
from tests.cases.hall import making
from tests.cases.hall.making import LICENCE
from tests.conftest import actor
from tests.template import NOW

FEE = {
    "key": "f1",
    "name": "工本费",
    "standard": "20 元",
    "amount": 20,
    "basis": "示例收费文件",
    "online": True,
}
OPEN_FEE = {
    "key": "f2",
    "name": "检验费",
    "standard": "按件",
    "amount": None,
    "basis": "示例收费文件",
    "online": True,
}
PROVIDER = "tests.cases.hall.payments.making.Pretend"
_NUMBERS = count(1)


class Pretend:
    """A provider in this process. `says` is what it answers; an exception is raised."""

    name = "pretend"
    says = None
    started = []
    refunds = []

    def start(self, order: Order):
        if isinstance(Pretend.says, Exception):
            raise Pretend.says
        Pretend.started.append(order)
        return Started("https://pay.example.gov.cn/o/1", "pretend:1")

    def verify(self, headers, body, now):
        raise Forged

    def ask(self, reference):
        return self._said(reference)

    def refund(self, reference, amount):
        Pretend.refunds.append((reference, amount))
        return self._said(reference)

    def _said(self, reference):
        if isinstance(Pretend.says, Exception):
            raise Pretend.says
        state, amount = Pretend.says
        return Saying(f"{reference}:{state}:{amount}", reference, Said(state), amount, f"n{reference[:8]}")


AWAY = Unreachable("away")


def submitted(*fees, item=LICENCE, username="lin", now=NOW):
    """A submitted case whose frozen item asks for these fees."""
    from cases.hall.models import Case

    case = making.submitted(item, username, now)
    Case.objects.filter(pk=case.pk).update(item={**case.item, "fees": list(fees)})
    return Case.objects.get(pk=case.pk)


def owing(*fees, now=NOW, username="lin"):
    """An accepted case that owes its fee."""
    return making.act(submitted(*(fees or (FEE,)), now=now, username=username), "accept", now)


def reload(row):
    return type(row).objects.get(pk=row.pk)


def payment(case, **narrowed):
    """The payment of this case, the newest."""
    from cases.hall.models import Payment

    return Payment.objects.filter(case=case, **narrowed).order_by("-created_at", "-id").first()


def start(case, by="lin", now=NOW):
    from cases.hall.services.payments import starting

    return starting.start(
        reload_for(case, by), by=actor(by), notify_url="http://n/", return_url="http://r/", now=now
    )


def reload_for(case, by):
    """The case as this person reads it: with what a mandate lets them do."""
    from cases.hall.queries import access

    return access.case_for(actor(by), case.number)


def say(of, state="paid", amount=None, message=None, number=None, now=NOW, **more):
    """What the provider says of a payment by itself; return what was done about it."""
    from cases.hall.services.payments import settling

    amount = of.amount if amount is None else amount
    number = f"p{next(_NUMBERS)}" if number is None else number
    saying = Saying(message or uuid.uuid4().hex, of.reference, Said(state), amount, number)
    return settling.take("pretend", saying, now=now, **more)


def actions(case):
    return list(case.events.order_by("sequence").values_list("action", flat=True))


def states(case):
    from cases.hall.models import Payment

    return sorted(Payment.objects.filter(case=case).values_list("state", flat=True))


def texts(case):
    """What the applicant was told."""
    from cases.hall.models import Outbox

    return list(
        Outbox.objects.filter(event__case=case)
        .order_by("created_at", "event__sequence")
        .values_list("text", flat=True)
    )


def findings(hall):
    """What check_halls says of cases and payments."""
    from cases.hall import checks, paper_checks, payment_checks

    return [
        *payment_checks.payments_agree_with_call_backs(hall),
        *payment_checks.marks_follow_payments(hall),
        *checks.states_follow_events(hall),
        *checks.pointers_follow_cases(hall),
        *checks.dues_follow_ledger(hall),
        *paper_checks.documents_have_no_gap(hall),
    ]
