"""The belts of the scope: each is taken away in turn, to show that it was what refused."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from tenants.hall.models import Post
from tenants.shared import scope


def test_inside_a_scope_the_hall_sees_its_own_rows(east, west):
    with scope.hall(east):
        assert set(Post.objects.values_list("username", flat=True)) == {
            "east_window", "east_approver", "east_head", "east_staff", "east_admin",
        }  # fmt: skip
    with scope.hall(west):
        assert not Post.objects.filter(username__startswith="east").exists()


def test_outside_a_scope_nothing_of_any_hall_can_be_read(east):
    with pytest.raises(ProgrammingError, match="does not exist"), transaction.atomic():
        Post.objects.count()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM east.tenants_hall_post")
