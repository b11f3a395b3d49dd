"""The page of a hall's people."""

from tenants.hall.models import Department, Post
from tenants.shared import scope
from tests.template import NOW, PERSON_ID


def test_each_person_once_with_all_posts(hall_client, east):
    page = hall_client(east, "east_window").get("/staff/people/").content.decode()

    assert page.count("<tr") == 1 + 5
    assert "事项管理员、分厅管理员" in page
    assert "西窗口" not in page


def test_who_left_is_not_shown(hall_client, east):
    with scope.hall(east):
        department = Department.objects.get(short_name="卫健委")
        Post.objects.create(
            person=PERSON_ID["lin"],
            name="林已离岗",
            username="lin",
            role="window",
            department=department,
            is_active=False,
            created_at=NOW,
        )

    assert "林已离岗" not in hall_client(east, "east_staff").get("/staff/people/").content.decode()
