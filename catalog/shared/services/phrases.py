"""Popular phrases: what people say, which items it stands for, and words that say nothing. The city's to edit."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.shared import grams
from catalog.shared.models import PopularPhrase
from catalog.shared.services import wordings
from catalog.shared.services.signing import record
from tenants.shared import queries


class BadPhrase(Exception):
    """The phrase holds no word or is there already; the text says what to write."""


class MeansNothing(Exception):
    """The phrase stands for no item in use; the text says what to write."""


def add(phrase: str, stands_for: str, *, by: Actor, now: datetime) -> PopularPhrase:
    """Add a phrase and bring the search up to date. `stands_for` empty: left out of questions. Raises BadPhrase, MeansNothing."""
    text = phrase.strip()
    if not grams.spelt(text):
        raise BadPhrase(_("写人们平时的说法，比如“开公司”"))
    row = PopularPhrase(phrase=text, stands_for=_tidy(stands_for))
    codes = wordings.codes_meant([row]) if row.stands_for else []
    if row.stands_for and not codes:
        raise MeansNothing(_("没有事项叫这个名称，写事项的名称、名称里的词或 14 位编码，几个用分号隔开"))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise BadPhrase(_("这个说法已经有了，先删掉原来的再加")) from None
    _renew(codes)
    record("phrase.add", text, by=by, now=now, detail={"stands_for": row.stands_for})
    return row


def remove(pk: int, *, by: Actor, now: datetime) -> None:
    """Take a phrase out and bring the search up to date; one that is gone already is no error."""
    row = PopularPhrase.objects.filter(pk=pk).first()
    if row is None:
        return
    codes = wordings.codes_meant([row]) if row.stands_for else []
    row.delete()
    _renew(codes)
    record("phrase.remove", row.phrase, by=by, now=now, detail={"stands_for": row.stands_for})


def load(phrases: Mapping[str, str]) -> int:
    """Add the phrases that are missing, for loading a city; those that are there stay. Return how many are new."""
    there = set(PopularPhrase.objects.values_list("phrase", flat=True))
    rows = [
        PopularPhrase(phrase=phrase, stands_for=_tidy(meant))
        for phrase, meant in phrases.items()
        if phrase not in there
    ]
    PopularPhrase.objects.bulk_create(rows, batch_size=wordings.BATCH)
    _renew(wordings.codes_meant(row for row in rows if row.stands_for))
    return len(rows)


def _tidy(stands_for: str) -> str:
    parts: Iterable[str] = stands_for.replace("；", ";").split(";")
    return ";".join(part for part in (" ".join(part.split()) for part in parts) if part)


def _renew(codes: list[str]) -> None:
    queries.forget()
    if codes:
        wordings.write_shared(codes)
