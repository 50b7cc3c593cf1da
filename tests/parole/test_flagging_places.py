"""Addresses where nobody lives, full homes, connections from abroad, ZIP codes."""

import pytest

from parole.addresses import address_key
from parole.flagging import find_flags
from parole.flagging.places import country_of
from parole.models import NetworkCountry, NonResidential
from parole.zips import states_of
from tests.factories import make_request, make_user
from tests.parole.flags import know, seen

pytestmark = pytest.mark.django_db
HOME = {"street": "8700 Exchange Drive", "zip": "32809"}
KEY = address_key(HOME["street"], HOME["zip"])


def filed(**values):
    return make_request(status=values.pop("status", "received"), **values)


def network(block, first, last, country):
    NetworkCountry.objects.create(network=block, first=first, last=last, country=country)


@pytest.mark.parametrize("which", ["home", "housing"])
def test_address_on_the_list_is_flagged(which):
    NonResidential.objects.create(address_key=KEY, name="Warehouse")
    other = {
        "lives": "elsewhere",
        "housing_street": "8700 Exchange Dr. Unit 7",
        "housing_zip": "32809",
    }
    request = filed(supporter=HOME) if which == "home" else filed(**other)

    find_flags(request)

    assert seen(request, "address_kind") == {KEY: {"name": "Warehouse"}}


def test_address_next_door_is_no_lead():
    NonResidential.objects.create(address_key=KEY, name="Warehouse")
    request = filed(supporter=HOME | {"street": "8702 Exchange Drive"})

    find_flags(request)

    assert not seen(request, "address_kind")


def test_home_too_full_for_those_who_come_is_flagged():
    request = filed(bedrooms=1, occupants=4, supporter=HOME)

    find_flags(request)

    assert seen(request, "crowded") == {
        KEY: {"bedrooms": 1, "occupants": 4, "promised": 1, "people": 5, "receipts": []}
    }


@pytest.mark.parametrize(
    ("bedrooms", "occupants", "flagged"),
    [(1, 3, False), (2, 7, False), (0, 4, True), (None, 99, False)],
)
def test_home_that_holds_them_or_is_not_known_is_no_lead(bedrooms, occupants, flagged):
    request = filed(bedrooms=bedrooms, occupants=occupants)

    find_flags(request)

    assert bool(seen(request, "crowded")) == flagged


def test_people_promised_on_other_requests_count_while_they_are_open_or_confirmed():
    owner = make_user()
    rows = [
        filed(owner=owner, status=status, bedrooms=1, occupants=2, supporter=HOME)
        for status in ("confirmed", "pending", "withdrawn", "not_confirmed", "received")
    ]
    elsewhere = {"lives": "elsewhere", "housing_street": "1 Oak Street", "housing_zip": "33137"}
    filed(owner=owner, bedrooms=3, supporter=HOME, **elsewhere)
    for row in rows:
        find_flags(row)

    evidence = seen(rows[-1], "crowded")[KEY]

    assert evidence == {
        "bedrooms": 1,
        "occupants": 2,
        "promised": 3,
        "people": 5,
        "receipts": [rows[0].reference, rows[1].reference],
    }


def test_request_filed_abroad_is_flagged():
    network("203.0.113.0/24", "203.0.113.0", "203.0.113.255", "MX")
    request = filed(filed_ip="203.0.113.77")

    find_flags(request)

    assert seen(request, "ip_abroad") == {"203.0.113.77": {"country": "MX"}}


@pytest.mark.parametrize("country", ["US", "PR"])
def test_request_filed_at_home_is_no_lead(country):
    network("203.0.113.0/24", "203.0.113.0", "203.0.113.255", country)
    request, unknown = filed(filed_ip="203.0.113.77"), filed(filed_ip="198.51.100.1")

    find_flags(request)
    find_flags(unknown)

    assert not seen(request, "ip_abroad")
    assert not seen(unknown, "ip_abroad")


def test_known_good_connection_abroad_is_quiet():
    network("203.0.113.0/24", "203.0.113.0", "203.0.113.255", "MX")
    know("ip", "203.0.113.77")
    request = filed(filed_ip="203.0.113.77")

    find_flags(request)

    assert not seen(request, "ip_abroad")


def test_country_is_that_of_the_smallest_block():
    network("10.0.0.0/8", "10.0.0.0", "10.255.255.255", "MX")
    network("10.1.0.0/16", "10.1.0.0", "10.1.255.255", "US")
    network("2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "HT")

    found = [
        country_of(ip) for ip in ("10.1.2.3", "10.0.5.5", "10.2.0.1", "11.0.0.1", "2001:db8::5")
    ]

    assert found == ["US", "MX", "MX", "", "HT"]


@pytest.mark.parametrize(
    ("code", "states"),
    [
        ("33137", ("FL",)),
        ("02108", ("MA",)),
        ("10001-1234", ("NY",)),
        ("00907", ("PR",)),
        ("00802", ("VI",)),
        ("99501", ("AK",)),
        ("96799", ("HI", "AS")),
        ("00000", ()),
        ("99999", ("AK",)),
        ("3313", ()),
        ("ABCDE", ()),
        ("", ()),
    ],
)
def test_states_of_a_zip_code(code, states):
    assert states_of(code) == states


def test_zip_code_of_another_state_is_flagged_for_each_address():
    request = filed(
        supporter={
            "zip": "90210", "state": "FL", "mailing_same": "no", "mailing_zip": "00100",
            "mailing_state": "TX",
        },
        lives="elsewhere",
        housing_zip="33137",
        housing_state="GA",
    )  # fmt: skip

    find_flags(request)

    assert seen(request, "zip_state") == {
        "home": {"which": "home", "zip": "90210", "state": "FL", "zip_states": ["CA"]},
        "mailing": {"which": "mailing", "zip": "00100", "state": "TX", "zip_states": []},
        "housing": {"which": "housing", "zip": "33137", "state": "GA", "zip_states": ["FL"]},
    }


def test_zip_code_of_the_state_is_no_lead_nor_are_answers_that_do_not_count():
    request = filed(
        supporter={"mailing_same": "yes", "mailing_zip": "90210", "mailing_state": "FL"},
        lives="with_me",
        housing_zip="90210",
        housing_state="FL",
    )

    find_flags(request)

    assert not seen(request, "zip_state")
