"""Rows that have run out: removed by a timer, since nothing depends on their going."""

from datetime import datetime, timedelta

from accounts.models import Challenge, Code, Counter, Session, SignIn, Ticket, Token, WindowCode

# 网络安全法 art. 21: logs at least six months; kept a little longer than that
SIGN_INS_KEPT = timedelta(days=200)


def remove_expired(*, now: datetime) -> int:
    """Remove sessions, tickets, tokens, codes and counters that have run out, and old sign-ins; return how many rows."""
    gone = 0
    gone += Session.objects.filter(expire_date__lt=now).delete()[0]
    for model in (Ticket, Token, Code, WindowCode, Challenge):
        gone += model._default_manager.filter(expires_at__lt=now).delete()[0]
    gone += Counter.objects.filter(window_ends_at__lt=now).delete()[0]
    gone += SignIn.objects.filter(at__lt=now - SIGN_INS_KEPT).delete()[0]
    return gone
