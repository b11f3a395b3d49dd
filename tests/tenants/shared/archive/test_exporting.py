"""One hall in one file: whole, as it was at one moment, in memory that does not grow."""

import os
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tenants.shared import scope
from tenants.shared.archive import blobs, checking, exporting, keys
from tests.cases.hall import making
from tests.tenants.shared.archive import comparing, killing

ROOT = Path(__file__).resolve().parents[4]


def exported(hall, path, **given):
    return exporting.export(hall, path, keys.city_recipient(), now=timezone.now(), **given)


def test_an_archive_has_every_row_and_every_file(full, tmp_path):
    done = exported(full, tmp_path / "a.hall")
    seen = {}

    def look(entry):
        if entry.told["kind"] == "file":
            seen[entry.told["name"]] = b"".join(entry.parts())

    archive = checking.read(tmp_path / "a.hall", keys.city_opener(), look)
    listed = {table["name"]: table["sha256"] for table in archive.manifest["tables"]}
    there = comparing.rows("east")
    assert {name: digest for name, digest in listed.items() if name in there} == there
    # an upload that is not finished is nobody's yet
    assert next(t["rows"] for t in archive.manifest["tables"] if t["name"] == "cases_hall_upload") == 0
    files = comparing.files(full.role)
    assert seen.keys() <= files.keys()
    assert len(seen) == done.files > 15
    assert archive.hall["domains"] == ["east.city.localhost"]
    assert (tmp_path / "a.hall").stat().st_mode & 0o777 == 0o600
    # what is personal is in it nowhere as it is
    assert "林小禾".encode() not in (tmp_path / "a.hall").read_bytes()


def test_an_archive_is_of_one_moment(full, tmp_path):
    def meanwhile(step):
        if step == "rows audit_record":
            with scope.hall(full):
                making.submitted(making.LICENCE, "lin", timezone.now())

    before = comparing.rows("east")
    exported(full, tmp_path / "a.hall", told=meanwhile)
    archive = checking.read(tmp_path / "a.hall", keys.city_opener())
    listed = {table["name"]: table["sha256"] for table in archive.manifest["tables"]}
    assert listed["cases_hall_case"] == before["cases_hall_case"] != comparing.rows("east")["cases_hall_case"]
    assert listed["cases_hall_event"] == before["cases_hall_event"]


def test_a_file_that_goes_meanwhile_is_told_and_a_link_is_refused(full, tmp_path, stored):
    gone, linked = sorted(comparing.files(full.role))[:2]

    def meanwhile(step):
        if step == "snapshot":
            (stored / gone).unlink()

    done = exported(full, tmp_path / "a.hall", told=meanwhile)
    archive = checking.read(tmp_path / "a.hall", keys.city_opener())
    assert (done.missing, archive.manifest["files"]["missing"]) == (1, [gone])
    (stored / linked).unlink()
    (stored / linked).symlink_to("/etc/passwd")
    with pytest.raises(exporting.CannotExport, match="no plain file"):
        exported(full, tmp_path / "b.hall")
    assert [path.name for path in tmp_path.glob("*.hall")] == ["a.hall"]
    with pytest.raises(blobs.Strange):
        (stored / "aside").mkdir()
        shutil.move(stored / full.role / "2026", stored / "aside")
        (stored / full.role / "2026").symlink_to(stored / "aside" / "2026")
        blobs.open_plain(next(name for name in comparing.files(full.role) if "/2026/" in name))


def test_killed_at_any_step_it_leaves_nothing_and_is_whole_when_repeated(full, tmp_path, record_property):
    path = tmp_path / "made" / "a.hall"
    steps, whole = killing.run(lambda told: exported(full, path, told=told))
    assert whole, steps[-1]
    opener = keys.city_opener()
    wanted = checking.read(path, opener).manifest
    walked = killing.chosen(steps)
    for number in walked:
        path.unlink(missing_ok=True)
        killing.run(lambda told: exported(full, path, told=told), kill_at=number)
        if path.exists():
            # it came as far as the name before it died: then it is whole
            checking.read(path, opener)
    for moment in random.Random(7).sample(range(400), 6):
        path.unlink(missing_ok=True)
        killing.run(lambda told: exported(full, path, told=told), after=moment / 1000)
        if path.exists():
            checking.read(path, opener)
    exported(full, path)
    again = checking.read(path, opener).manifest
    assert {**again, "opening": 0} == {**wanted, "opening": 0}
    assert [one.name for one in path.parent.iterdir()] == ["a.hall"]
    record_property("export", f"killed at {len(walked)} of {len(steps)} steps and 6 moments")


def environment(fresh, stored, folder):
    logins = {f"{name.upper()}_DATABASE_URL": fresh.url(name) for name in ("web", "gate", "sealer")}
    return {
        **os.environ, **logins, "DATABASE_URL": fresh.url("owner"), "FILES": str(stored), "MODE": "demo",
        "ARCHIVE_SIGNING_KEY": str(folder / "signing.pem"), "ARCHIVE_RECIPIENT": str(folder / "recipient.pem"),
        "ARCHIVE_KEY": str(folder / "private.pem"), "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }  # fmt: skip


def test_a_full_disk_leaves_nothing(full, fresh_database, city_keys, stored, tmp_path):
    target = tmp_path / "small" / "a.hall"

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(
        [sys.executable, "manage.py", "export_hall", "east", "--to", str(target)],
        cwd=ROOT, env=environment(fresh_database, stored, city_keys), capture_output=True, text=True, preexec_fn=limit, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "nothing was left half written" in done.stderr
    assert list(target.parent.iterdir()) == []


@pytest.mark.slow
def test_memory_does_not_grow_with_the_hall(
    full, fresh_database, city_keys, stored, tmp_path, record_property
):
    """200 MB of files and 60 MB of rows more: the process that writes them and the one that restores them grow little."""
    exported(full, tmp_path / "small.hall")
    names = [name for name in comparing.files(full.role) if "/2026/" in name][:10]
    for name in names:
        (stored / name).write_bytes(os.urandom(20 << 20))
    with connections_owner().cursor() as cursor:
        cursor.execute(
            "INSERT INTO east.audit_record (id, at, actor, actor_name, action, object, detail)"
            " SELECT gen_random_uuid(), now(), NULL, '', 'x', '', jsonb_build_object('a', repeat(md5(n::text), 9)) FROM generate_series(1, 200000) n"
        )
    path = tmp_path / "a.hall"
    program = (
        "import re, sys, django; django.setup()\n"
        "from django.utils import timezone\n"
        "from tenants.shared.archive import exporting, keys, restoring\n"
        "from tenants.shared.models import Hall\n"
        "from pathlib import Path\n"
        "hall = Hall.objects.using('owner').get(schema_name='east')\n"
        "keys.signer()\n"
        # getrusage would tell the peak of the process that started this one, if that was higher
        "peak = lambda: int(re.search('VmHWM:\\\\s+(\\\\d+)', Path('/proc/self/status').read_text())[1]) / 1024\n"
        "def restore(path, key):\n"
        "    plan = restoring.Plan('inspection', key, key + '.city.localhost')\n"
        "    restoring.restore(path, keys.city_opener(), plan, now=timezone.now())\n"
        # what is loaded for the first time does not depend on the hall
        f"if sys.argv[1] == 'restore':\n    restore(Path({str(tmp_path / 'small.hall')!r}), 'small')\n"
        "before = peak()\n"
        f"path = Path({str(path)!r})\n"
        "if sys.argv[1] == 'export':\n"
        "    exporting.export(hall, path, keys.city_recipient(), now=timezone.now())\n"
        "else:\n"
        "    restore(path, 'large')\n"
        "print(round(peak() - before))\n"
    )
    grown = {}
    for work in ("export", "restore"):
        done = subprocess.run(
            [sys.executable, "-c", program, work], cwd=ROOT,
            env=environment(fresh_database, stored, city_keys) | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        grown[work] = int(done.stdout.split()[-1])
    record_property("memory", f"{path.stat().st_size >> 20} MB: grown by {grown} MB")
    assert path.stat().st_size > 240 << 20
    assert max(grown.values()) < 60


def connections_owner():
    from django.db import connections

    return connections["owner"]


def test_the_command_says_what_to_do(full, tmp_path, city_keys, settings):
    with pytest.raises(CommandError, match="no hall has the key nowhere"):
        call_command("export_hall", "nowhere", "--to", str(tmp_path / "a"))
    (tmp_path / "key").write_text("abcd")
    with pytest.raises(CommandError, match="is no key"):
        (tmp_path / "key").chmod(0o600)
        call_command("export_hall", "east", "--to", str(tmp_path / "a"), "--key-file", str(tmp_path / "key"))
    settings.ARCHIVE_SIGNING_KEY = str(tmp_path / "nothing")
    with pytest.raises(CommandError, match="ARCHIVE_SIGNING_KEY"):
        call_command("export_hall", "east", "--to", str(tmp_path / "a"))
    assert not (tmp_path / "a").exists()
