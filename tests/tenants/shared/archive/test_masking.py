"""A copy for practice: nobody in it is anybody, and what belonged together still does."""

from django.core.files.storage import storages
from django.core.management import call_command
from stdnum.cn import ric

from tenants.shared import queries, scope
from tenants.shared.archive import masking
from tenants.shared.checks import gathering
from tenants.shared.models import Hall
from tests.template import PERSON_ID
from tests.tenants.shared.archive import comparing

SECRETS = ("林小禾", "李四", "110105198007021231", "13900000000", "王五", "钱经办")


def test_every_field_with_personal_data_has_a_rule():
    assert masking.without_rule() == []


def test_a_field_without_a_rule_is_found_and_would_be_empty(monkeypatch):
    from cases.hall import masks

    rules = {**masks.MASKS["cases_hall.Principal"]}
    del rules["name"]
    monkeypatch.setitem(masks.MASKS, "cases_hall.Principal", rules)
    assert masking.without_rule() == ["cases_hall.Principal.name"]


def test_invented_numbers_are_well_formed_and_nobodys():
    for seed in (0, 7, 10**9, 2**63):
        number = masking.invented_id(seed)
        assert ric.calc_check_digit(number[:-1]) == number[-1]
        assert number.startswith("990000")


def everything(schema, owner):
    """All that a hall's rows say, what is encrypted opened."""
    from accounts.encryption import NotReadable, decrypt
    from accounts.fields import EncryptedJSONField, EncryptedTextField

    contexts = {
        (model._meta.db_table, field.column): field.context
        for model in masking.hall_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField | EncryptedJSONField)
    }
    said = []
    with owner.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT * FROM {schema}.{table}")
            columns = [column.name for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    context = contexts.get((table, column))
                    if context is not None and value:
                        try:
                            value = decrypt(value, context)
                        except NotReadable:
                            raise AssertionError((table, column)) from None
                    said.append(f"{table}.{column}: {value}")
    return said


def test_nobody_in_a_copy_is_anybody(full, owner, hall_client, capsys):
    call_command("clone_hall", "east", "train", "--host", "train.city.localhost")
    queries.forget()
    copy = Hall.objects.using("owner").get(schema_name="train")
    before, after = everything("east", owner), everything("train", owner)
    for secret in SECRETS:
        assert any(secret in one for one in before) or secret in SECRETS[3:]
        assert [one for one in after if secret in one] == []
    citizens = {str(PERSON_ID[name]) for name in ("lin", "zhou", "agent")}
    assert [one for one in after if any(person in one for person in citizens)] == []
    # one person is one person still: all cases of lin are one other person's
    with owner.cursor() as cursor:
        asked = "SELECT count(*), count(DISTINCT person), count(DISTINCT applicant_masked) FROM {}.cases_hall_case"
        cursor.execute(asked.format("east"))
        theirs = cursor.fetchone()
        cursor.execute(asked.format("train"))
        assert cursor.fetchone() == theirs
        cursor.execute(
            "SELECT count(*) FROM train.cases_hall_case c JOIN train.cases_hall_event e ON e.case_id = c.id"
        )
        assert cursor.fetchone()[0] > 10
        cursor.execute("SELECT count(*) FROM train.cases_hall_outbox")
        assert cursor.fetchone()[0] == 0
    files = comparing.files(copy.role)
    assert len(files) > 15
    assert len(set(files.values())) == 1
    with storages["cases"].open(next(iter(files))) as file:
        assert file.read() == masking.PLACEHOLDER
    # staff sign in and work there
    assert copy.state == "rehearsal"
    page = hall_client(copy, "east_window").get("/clerk/")
    assert page.status_code == 200
    assert "练习用的副本" in page.content.decode()
    found, there = ({one.words for one in list(gathering.findings([key]))} for key in ("train", "east"))
    assert found <= there


def test_what_is_done_in_a_copy_reaches_nobody(full, owner):
    from django.utils import timezone

    from cases.hall.models import Case
    from cases.hall.services import rounds
    from tests.cases.hall import making

    call_command("clone_hall", "east", "train", "--host", "train.city.localhost")
    queries.forget()
    copy = Hall.objects.using("owner").get(schema_name="train")
    with scope.hall(copy):
        waiting = Case.objects.filter(state="submitted").first() or Case.objects.exclude(number=None).first()
        making.submitted(making.LICENCE, "lin", timezone.now())
        assert waiting is not None
    assert "train" not in {hall.key for hall in rounds.working_halls()}
    with owner.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM train.cases_hall_outbox WHERE delivered_at IS NOT NULL")
        assert cursor.fetchone()[0] == 0
