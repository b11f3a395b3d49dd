"""A copy of everything about oneself: complete, of oneself alone, made once, and of halls that were away when they are back."""

import threading
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages

from tests.cases.hall import making, mandating
from tests.cases.hall.booking import making as visits
from tests.cases.hall.rights.conftest import LATER, Killed, again, asked, data, done, in_hall, unzipped, work
from tests.conftest import actor
from tests.template import NOW


def _filled(east, west):
    """lin's cases in both halls, a visit, a mandate, a file of nobody's; and zhou's case beside."""
    from cases.hall.services import drafts

    case = in_hall(east, making.at, "delivered")
    draft = in_hall(west, making.draft)
    booking = in_hall(east, visits.book)
    in_hall(east, making.submitted, username="zhou")
    in_hall(
        east,
        drafts.add_file,
        None,
        material_key="m1",
        upload=making.upload("闲置.jpg"),
        actor=actor("lin"),
        now=NOW,
    )
    return case, draft, booking


def test_it_holds_what_every_hall_keeps_of_this_person_and_of_nobody_else(east, west, sent):
    case, _draft, booking = _filled(east, west)
    pack = unzipped(done("export"))

    there, here = data(pack, "东县/data.json"), data(pack, "西县/data.json")
    assert [row["number"] for row in there["cases"]] == [case.number]
    assert [(row["number"], row["state"]) for row in here["cases"]] == [(None, "没提交")]
    assert [row["number"] for row in there["bookings"]] == [booking.number]
    assert [row["name"] for row in there["files"]] == ["闲置.jpg"]
    of_case = data(pack, f"东县/办件/{case.number} 小餐馆许可/data.json")
    assert of_case["answers"] == {"spouse": "李四"}
    assert of_case["applicant"]["id_number"] == "11010519491231002X"
    assert of_case["query_code"] == case.query_code
    assert len(of_case["messages"]) >= 1
    (given,) = of_case["files"]
    assert pack.read(given["path"])[:3] == b"\xff\xd8\xff"
    assert data(pack, "account.json")["phone"] == "13900000000"
    everything = "".join(pack.read(name).decode(errors="ignore") for name in pack.namelist())
    assert "周远" not in everything
    assert sent == [("13900000000", "您要的资料备好了，3天内登录“我的资料”下载。")]


def test_its_index_is_chinese_and_leads_to_every_page(east, west, sent):
    import re
    from urllib.parse import unquote

    case, *_rest = _filled(east, west)
    pack = unzipped(done("export"))
    names = set(pack.namelist())

    index = pack.read("index.html").decode()
    assert "<script" not in index
    assert "林小禾" in index
    assert {unquote(link) for link in re.findall(r'href="([^"]+)"', index)} <= names
    hall = pack.read("东县/index.html").decode()
    assert case.number in hall
    links = {unquote(link) for link in re.findall(r'href="(办件[^"]+|%E5[^"]+)"', hall)}
    assert {f"东县/{link}" for link in links if not link.startswith("../")} <= names
    page = pack.read(f"东县/办件/{case.number} 小餐馆许可/index.html").decode()
    files = [unquote(link) for link in re.findall(r'href="\.\./\.\./\.\./([^"]+)"', page)]
    assert {name for name in files if name != "index.html"} <= names
    assert any(name.endswith(".jpg") for name in files)


def test_what_is_others_stays_masked_on_either_side_of_a_mandate(east, sent):
    in_hall(east, mandating.term)
    in_hall(east, mandating.in_force)

    (proxy,) = data(unzipped(done("export", "zhou")), "东县/data.json")["mandates"]
    assert (proxy["side"], proxy["paper"]) == ("代办的人", "")
    assert proxy["principal"].startswith("陶*")
    assert mandating.NEIGHBOUR not in str(proxy)
    assert mandating.id_number() not in str(proxy)


def test_asked_fifty_times_at_once_it_is_one(fresh_database, east):
    from django.db import connections

    got, barrier = [], threading.Barrier(10)

    def ask():
        barrier.wait()
        for _ in range(5):
            got.append(asked("export")[0].pk)
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), len(set(got))) == (50, 1)


def test_a_hall_that_is_away_is_named_and_tried_again(east, west, sent, monkeypatch):
    from cases.hall.services.rights import collecting
    from tenants.shared import scope

    in_hall(west, making.draft)
    really = collecting.collect

    def away(hall, *args, **given):
        if hall.key == "west":
            raise scope.WrongHall("moved")
        return really(hall, *args, **given)

    monkeypatch.setattr(collecting, "collect", away)
    request = done("export")
    assert (request.state, request.away) == ("ready", [west.role])
    index = unzipped(request).read("index.html").decode()
    assert "西县网上办事大厅" in index[: index.index("<h2>")]
    assert work(NOW + timedelta(minutes=1)) == 0

    monkeypatch.setattr(collecting, "collect", really)
    assert work(LATER) == 1
    request = again(request)
    assert (request.state, request.away, request.finished_at) == ("ready", [], NOW)
    assert "西县/index.html" in unzipped(request).namelist()
    # told once
    assert len(sent) == 1


def test_a_worker_that_dies_is_followed_when_its_lease_is_over(east, west, sent, monkeypatch):
    from cases.hall.services.rights import collecting

    _filled(east, west)
    really, calls = collecting.collect, []

    def dies(hall, *args, **given):
        calls.append(hall.key)
        if len(calls) == 2:
            raise Killed
        return really(hall, *args, **given)

    monkeypatch.setattr(collecting, "collect", dies)
    request, _key = asked("export")
    with pytest.raises(Killed):
        work()
    assert again(request).state == "waiting"
    assert work(NOW + timedelta(minutes=9)) == 0
    assert work(LATER) == 1
    assert again(request).state == "ready"
    assert data(unzipped(request), "东县/data.json")["cases"]


def test_a_worker_that_is_told_to_stop_gives_it_back(east, sent):
    request, _key = asked("export")
    stops = iter([False, True, True])
    work(stopped=lambda: next(stops, True))
    assert (again(request).state, request.held_until) == ("waiting", None)
    assert work() == 1


def test_after_three_days_the_file_is_gone(east, sent):
    from cases.shared.services import requests
    from tenants.shared import scope

    request = done("export")
    with scope.city():
        assert requests.expire(now=NOW + timedelta(days=3)) == 0
    assert storages["cases"].exists(request.path)
    path = request.path
    with scope.city():
        assert requests.expire(now=NOW + timedelta(days=3, seconds=1)) == 1
    assert (again(request).state, request.path) == ("gone", "")
    assert path


def test_content_that_is_gone_is_said_and_stops_nothing(east, sent):
    case = in_hall(east, making.submitted)
    storages["cases"].delete(in_hall(east, lambda: case.files.get()).path)

    told = data(unzipped(done("export")), f"东县/办件/{case.number} 小餐馆许可/data.json")
    assert [row["path"] for row in told["files"]] == [""]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("照片.jpg", "照片.jpg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("con.txt", "_con.txt"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("  .  ", "_"),
        ('a:b|c?"<>*.pdf', "a_b_c_____.pdf"),
        ("\ud800x.pdf", "x.pdf"),
        ("𠀀" * 60 + ".jpg", "𠀀" * 21 + ".jpg"),
        ("名" * 200, "名" * 30),
    ],
)
def test_names_open_on_every_system(name, kept):
    from cases.hall.services.rights.packing import MOST_NAME, safe

    assert safe(name) == kept
    assert len(safe(name).encode()) <= MOST_NAME


def test_two_files_of_one_name_are_both_there(east, tmp_path):
    from django.core.files.base import ContentFile

    from cases.hall.services.rights.packing import Pack

    stored = [
        storages["cases"].save(f"{east.role}/2026/{n}", ContentFile(n.encode())) for n in ("one", "two")
    ]
    with (tmp_path / "x.zip").open("w+b") as stream:
        with Pack(stream, now=NOW) as pack:
            names = zip(("A.jpg", "a.JPG"), stored, strict=True)
            paths = [pack.file("材料", name, path) for name, path in names]
        opened = zipfile.ZipFile(stream)
        assert [opened.read(path) for path in paths] == [b"one", b"two"]
        assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}


def test_memory_stays_flat_however_large_a_file_is(east, tmp_path):
    from django.core.files.base import File

    from cases.hall.services.rights.packing import Pack

    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(64 * 1024 * 1024)
    with large.open("rb") as stream:
        stored = storages["cases"].save(f"{east.role}/2026/large", File(stream))
    with (tmp_path / "x.zip").open("w+b") as stream, Pack(stream, now=NOW) as pack:
        tracemalloc.start()
        pack.file("材料", "large.pdf", stored)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert most < 4 * 1024 * 1024
