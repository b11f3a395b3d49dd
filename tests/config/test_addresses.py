"""What an address carries that no column holds."""

import pytest


@pytest.mark.parametrize("written", ["%00", "\x00"])
def test_nul_in_a_query_is_as_if_it_were_not_there(hall_client, east, written):
    answer = hall_client(east).get(f"/items/?q=生{written}育")
    assert answer.status_code == 200
    assert 'value="生育"' in answer.content.decode()
