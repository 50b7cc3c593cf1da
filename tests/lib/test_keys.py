import pytest

from cbpone.lib.keys import read_key


@pytest.mark.parametrize(("text", "key"), [("7", 7), ("9" * 18, int("9" * 18)), ("007", 7)])
def test_read_key_of_a_number(text, key):
    assert read_key(text) == key


@pytest.mark.parametrize("text", ["", "-1", "1.5", "seven", "²", "٣", "7\0", "9" * 19, "9" * 5000])
def test_read_key_of_what_is_no_number_of_ours_is_that_of_no_row(text):
    assert read_key(text) == 0
