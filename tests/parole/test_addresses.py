"""One building is one building, however people write it."""

import pytest

from parole.addresses import address_key, tidy_address


@pytest.mark.parametrize(
    "written",
    [
        "12 NE 2nd Avenue",
        "12 N.E. 2nd Ave.",
        "12 Northeast Second Av",
        "12  ne 2nd ave, Apt 4",
        "12 NE 2nd Ave #4-B",
        "12 NE 2nd Avenue, Suite 210",
    ],
)
def test_tidy_address_of_one_building_is_the_same(written):
    assert tidy_address(written) == "12 ne 2nd ave"


def test_address_key_leaves_out_the_last_four_of_the_zip():
    key = address_key("12 NE 2nd Avenue", "33137-1234")

    assert key == address_key("12 NE 2nd Ave", "33137")
    assert len(key) == 64


@pytest.mark.parametrize(
    ("street", "zip_code"),
    [("14 NE 2nd Avenue", "33137"), ("12 NW 2nd Avenue", "33137"), ("12 NE 2nd Avenue", "33138")],
)
def test_address_key_of_another_building_differs(street, zip_code):
    assert address_key(street, zip_code) != address_key("12 NE 2nd Avenue", "33137")


@pytest.mark.parametrize(
    ("street", "zip_code"), [("", "33137"), ("12 NE 2nd Avenue", ""), (" . ", "1")]
)
def test_address_key_of_missing_facts_is_empty(street, zip_code):
    assert address_key(street, zip_code) == ""


def test_tidy_address_of_a_lot_alone_keeps_something():
    assert tidy_address("Lot 7, Sunny Park") == "lot 7 sunny park"
