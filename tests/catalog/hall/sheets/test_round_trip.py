"""What a hall or the city exports imports back as nothing to do."""

from tests.template import LICENCE, NOW


def look(place, path, **more):
    from catalog.shared.sheets import importing

    with place.scope():
        return importing.look(place.planner(NOW), path, **more)


def test_the_city_exports_and_imports_back_as_nothing_to_do(tmp_path):
    from catalog.hall.sheets.places import Place

    place, path = Place(None), tmp_path / "city.xlsx"
    with place.scope():
        assert place.write(path, NOW) == 4
    outcome = look(place, path)
    assert [str(problem) for problem in outcome.told] == []
    assert dict(outcome.counts) == {"same": 4}


def test_a_hall_exports_and_imports_back_as_nothing_to_do(tmp_path, east, staff):
    from catalog.hall.services import overrides
    from catalog.hall.sheets.places import Place
    from tenants.shared import scope

    with scope.hall(east):
        for field, value in (
            ("phone", "0500-1"),
            ("materials.m2", {"hidden": True}),
            ("promised_days", 3),
            ("steps.s1", {"position": 2, "name": "接件"}),
            ("hidden", True),
        ):
            overrides.set_value(LICENCE, field, value, by=staff, reason="试", now=NOW)
    place, path = Place(east), tmp_path / "east.xlsx"
    with place.scope():
        assert place.write(path, NOW) == 4
    outcome = look(place, path)
    assert [str(problem) for problem in outcome.told] == []
    assert dict(outcome.counts) == {"same": 4}
