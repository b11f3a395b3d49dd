"""An archive that is not as it was written changes nothing and says why."""

import io
import os
import random
import secrets

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tenants.shared.archive import blobs, checking, exporting, keys, records, restoring
from tenants.shared.archive.sealed import CHUNK, BadArchive, Sealer, Unsealer
from tests.tenants.shared.archive import comparing

KEY = keys.SharedKey(secrets.token_bytes(32))
FRAME = CHUNK + 16


def written(content, key=KEY):
    stream = io.BytesIO()
    sealer = Sealer(stream, key)
    sealer.write(content)
    sealer.finish()
    return stream.getvalue()


def opened(content, key=KEY):
    return io.BufferedReader(Unsealer(io.BytesIO(content), key)).read()


PLAIN = os.urandom(3 * CHUNK + 100)
SEALED = written(PLAIN)
BEGIN = len(SEALED) - 4 * 16 - len(PLAIN)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_written_is_read(size):
    content = os.urandom(size)
    assert opened(written(content)) == content


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_a_byte_altered_anywhere_is_found(place, change):
    altered = bytearray(SEALED)
    altered[place] ^= change
    with pytest.raises(BadArchive):
        opened(bytes(altered))


@given(st.integers(0, len(SEALED) - 1))
def test_a_cut_anywhere_is_found(place):
    with pytest.raises(BadArchive):
        opened(SEALED[:place])


@pytest.mark.parametrize(
    "order", [[1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 3], [0, 1, 2], [0, 0, 1, 2, 3], [0, 1, 2, 3, 3]]
)
def test_chunks_in_another_order_are_found(order):
    chunks = [SEALED[BEGIN:][n * FRAME : (n + 1) * FRAME] for n in range(4)]
    with pytest.raises(BadArchive):
        opened(SEALED[:BEGIN] + b"".join(chunks[n] for n in order))


def test_a_chunk_of_another_archive_is_found():
    other = written(PLAIN)
    with pytest.raises(BadArchive):
        opened(SEALED[: BEGIN + FRAME] + other[BEGIN + FRAME :])


def test_every_kind_of_key_opens_its_own_and_no_other(tmp_path):
    def file(name, content, mode=0o600):
        path = tmp_path / name
        path.write_bytes(content)
        path.chmod(mode)
        return path

    from config import archive_keys

    archive_keys.make_demo(tmp_path)
    phrase = keys.passphrase_from(file("phrase", b"a long enough phrase\n"))
    pairs = [
        (keys.recipient_from(file("hex", b"ab" * 32)), keys.opener_from(tmp_path / "hex")),
        (keys.recipient_from(tmp_path / "recipient.pem"), keys.opener_from(tmp_path / "private.pem")),
        (phrase, phrase),
    ]
    for number, (recipient, _opener) in enumerate(pairs):
        made = written(b"secret", recipient)
        for other, (_recipient, opener) in enumerate(pairs):
            if other == number:
                assert opened(made, opener) == b"secret"
            else:
                with pytest.raises(BadArchive, match="key"):
                    opened(made, opener)
    with pytest.raises(BadArchive, match="does not open"):
        opened(written(b"secret", pairs[0][0]), keys.SharedKey(bytes(32)))
    for path, words in (
        (file("open", b"ab" * 32, 0o640), "chmod 600"),
        (file("short", b"abcd"), "64 hex digits"),
        (tmp_path / "none", "cannot be read"),
        (tmp_path / "signing.pem", "no private X25519"),
    ):
        with pytest.raises(keys.BadKey, match=words):
            keys.opener_from(path)
    with pytest.raises(keys.BadKey, match="longer"):
        keys.passphrase_from(file("brief", b"short"))
    assert "abab" not in repr(pairs)


class Forger:
    """Writes archives as this program would, with the city's key, that say what none of ours says."""

    def __init__(self, source, path):
        self.path, self.entries = path, []

        def keep(entry):
            self.entries.append((entry.told, b"".join(entry.parts()), entry))

        self.archive = checking.read(source, keys.city_opener(), keep)

    def write(self, opening=None, change=lambda told, content: (told, content), signed=True, more=b""):
        opening = {**self.archive.opening, **(opening or {})}
        manifest = {**self.archive.manifest, "tables": [], "facts": []}
        import hashlib

        with self.path.open("wb") as stream:
            sealer = Sealer(stream, keys.city_recipient())
            first = records.as_bytes(opening)
            records.write(sealer, records.OPENING, first)
            count, size, digest = 0, 0, hashlib.sha256()
            for told, content, entry in self.entries:
                told, content = change(dict(told), content)
                made = records.begin(sealer, **told)
                made.write(content)
                trailer = made.end(**{k: v for k, v in entry.trailer.items() if k == "rows"})
                if told["kind"] == "file":
                    count, size = count + 1, size + trailer["bytes"]
                    digest.update(exporting.file_line(told["name"], trailer))
                else:
                    kind = "tables" if told["kind"] == "rows" else "facts"
                    manifest[kind].append({"name": told["name"], "columns": told["columns"], **trailer})
            manifest["files"] = {
                **manifest["files"],
                "count": count,
                "bytes": size,
                "sha256": digest.hexdigest(),
            }
            manifest["opening"] = hashlib.sha256(first).hexdigest()
            whole = records.as_bytes(manifest)
            records.write(sealer, records.MANIFEST, whole)
            signer = keys.signer()
            message = exporting.signed(sealer.header if signed else b"", hashlib.sha256(whole).digest())
            by = keys.name_of(signer.public_key())
            records.write(
                sealer,
                records.SIGNATURE,
                records.as_bytes({"by": by, "signature": signer.sign(message).hex()}),
            )
            sealer.write(more)
            sealer.finish()


@pytest.fixture
def source(full, tmp_path):
    path = tmp_path / "east.hall"
    exporting.export(full, path, keys.city_recipient(), now=timezone.now())
    return path


@pytest.fixture
def forger(source, tmp_path):
    return Forger(source, tmp_path / "forged.hall")


def refused(path, words):
    before, files = (
        comparing.rows("east"),
        len(list(blobs.storage().path("") and os.walk(blobs.storage().path("")))),
    )
    for way in (["--dry-run"], ["--in-place", "--yes"], ["--as", "look", "--host", "look.city.localhost"]):
        with pytest.raises(CommandError, match=words):
            call_command("restore_hall", str(path), *way)
    assert comparing.rows("east") == before
    assert comparing.schemas() == []
    assert len(list(os.walk(blobs.storage().path("")))) == files


def renamed(name, to):
    def change(told, content):
        if told["kind"] == "file" and name[0]:
            name[0] = False
            told["name"] = to(told["name"])
        return told, content

    return change


def test_what_no_archive_of_ours_says_is_refused(forger, full):
    forger.write()
    call_command("restore_hall", str(forger.path), "--dry-run")  # the forger can write

    forger.write(signed=False)
    refused(forger.path, "not signed by a key that is trusted")
    forger.write({"format": 2})
    refused(forger.path, "format 2, this program knows 1")
    forger.write({"city": {"code": "999999", "prefix": "elsewhere"}})
    refused(forger.path, "of the city 999999")
    forger.write({"sample": "00000000.AAAA"})
    refused(forger.path, "OLD_FIELD_KEYS")
    forger.write(more=b"and more")
    refused(forger.path, "behind the archive's end")
    role = full.role
    for to in (
        lambda name: "../../etc/cron.d/x",
        lambda name: f"{role}/../../x",
        lambda name: f"/{name}",
        lambda name: name.replace(role, f"{role}9"),
        lambda name: f"{role}/.hidden",
        lambda name: f"{role}/a\x00b",
        lambda name: f"{role}/{'a' * 300}",
    ):
        forger.write(change=renamed([True], to))
        refused(forger.path, "a name that none of ours has")

    def small(told, content):
        return ({**told, "size": 1} if told["kind"] == "file" else told), content

    forger.write(change=small)
    refused(forger.path, "larger than it says")

    def more_rows(told, content):
        return told, content * 2 if told["name"] == "tenants_hall_post" else content

    forger.write(change=more_rows)
    refused(forger.path, "other rows than its trailer says")

    def foreign(told, content):
        return ({**told, "name": "pg_authid"} if told["name"] == "tenants_hall_post" else told), content

    forger.write(change=foreign)
    with pytest.raises(BadArchive, match="no place for"):
        restoring.restore(
            forger.path, keys.city_opener(), restoring.Plan("in_place", "east"), now=timezone.now()
        )
    assert comparing.schemas() == []


def test_a_key_that_is_not_trusted_any_more_and_one_that_still_is(source, tmp_path, settings):
    from config import archive_keys

    former = keys.signer().public_key()
    archive_keys.make_demo(tmp_path / "new")
    settings.ARCHIVE_SIGNING_KEY = str(tmp_path / "new" / "signing.pem")
    refused(source, "not signed by a key that is trusted")
    from cryptography.hazmat.primitives import serialization as form

    pem = former.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "trusted.pem").write_bytes(pem)
    settings.ARCHIVE_TRUSTED = str(tmp_path / "trusted.pem")
    call_command("restore_hall", str(source), "--dry-run")


def test_a_real_archive_altered_anywhere_is_refused(source):
    content, chance = source.read_bytes(), random.Random(7)
    for place in [0, 20, 200, len(content) - 1, *chance.sample(range(len(content)), 20)]:
        altered = bytearray(content)
        altered[place] ^= chance.randint(1, 255)
        with pytest.raises(BadArchive):
            checking.walk(io.BytesIO(bytes(altered)), keys.city_opener(), lambda entry: entry.skip())


def test_another_file_under_the_same_name_is_not_written_over(source, full, stored):
    name = sorted(comparing.files(full.role))[0]
    (stored / name).write_bytes(b"something else")
    with pytest.raises(BadArchive, match="another file lies under"):
        restoring.restore(source, keys.city_opener(), restoring.Plan("in_place", "east"), now=timezone.now())
    assert (stored / name).read_bytes() == b"something else"
    assert comparing.schemas() == []
