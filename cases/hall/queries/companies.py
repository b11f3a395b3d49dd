"""For which companies somebody may file an item: those that authorised them, and where the item takes proxies also declared ones."""

from accounts.actor import Actor
from accounts.models import Company
from accounts.queries import companies_of


def for_item(actor: Actor, *, proxy_allowed: bool) -> list[Company]:
    """Return the companies for which this person may apply for an item.

    Declared is enough where a proxy is (the papers are checked at the desk); an item that wants the person takes the
    legal representative and whom they authorised. A company whose representative is on file has no other agents.
    """
    return [company for company in companies_of(actor) if company.is_proved or proxy_allowed]
