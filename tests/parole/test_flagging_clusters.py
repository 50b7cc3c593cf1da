"""One address, phone, mailbox or connection for many, and what officers know to be good."""

import pytest

from parole.addresses import address_key
from parole.flagging import find_flags
from tests.factories import make_request, make_user
from tests.parole.flags import know, seen

pytestmark = pytest.mark.django_db
HOME = {"street": "8700 Exchange Drive", "zip": "32809"}
KEY = address_key(HOME["street"], HOME["zip"])
PHONE, EMAIL, IP = "+14075550199", "visa.fast@mail.example", "203.0.113.77"


def filed(**values):
    return make_request(status="received", **values)


def at_home(**supporter):
    return filed(supporter=HOME | {"address_key": KEY} | supporter)


def numbers(rows) -> list[str]:
    return [row.reference for row in rows]


def test_address_of_four_supporters_is_flagged():
    *others, last = [at_home() for _ in range(4)]

    find_flags(last)

    assert seen(last, "address_cluster") == {
        KEY: {"supporters": 4, "requests": 4, "receipts": numbers(others)}
    }


def test_address_written_otherwise_is_the_same():
    for street in ("8700 EXCHANGE DR.", "8700 Exchange Dr, Apt 4", "8700 exchange drive #9"):
        find_flags(filed(supporter=HOME | {"street": street}))
    last = filed(supporter=HOME)

    find_flags(last)

    assert seen(last, "address_cluster")[KEY]["supporters"] == 4


def test_address_of_three_supporters_or_of_one_with_many_requests_is_no_lead():
    three = [at_home() for _ in range(3)]
    paul = {"given_names": "Paul", "surnames": "Benoit"}
    many = [filed(supporter=paul | {"street": "1 Oak St", "zip": "33137"}) for _ in range(5)]

    for request in (*three, *many):
        find_flags(request)

    assert not seen(three[-1], "address_cluster")
    assert not seen(many[-1], "address_cluster")


def test_drafts_are_not_counted():
    for _ in range(3):
        make_request(supporter=HOME | {"address_key": KEY})
    request = at_home()

    find_flags(request)

    assert not seen(request, "address_cluster")


def test_address_of_housing_is_counted_too():
    others = [at_home() for _ in range(3)]
    request = filed(
        lives="elsewhere", housing_street="8700 Exchange Drive", housing_zip="32809-1234"
    )

    find_flags(request)
    find_flags(others[0])

    assert seen(request, "address_cluster")[KEY]["supporters"] == 4
    assert request.reference in seen(others[0], "address_cluster")[KEY]["receipts"]


def test_known_good_address_is_quiet():
    *_others, last = [at_home() for _ in range(4)]
    know("address", KEY)

    find_flags(last)

    assert not seen(last, "address_cluster")


def test_phone_of_three_supporters_is_flagged():
    *others, last = [filed(supporter={"phone": PHONE}) for _ in range(3)]

    find_flags(last)

    assert seen(last, "phone_cluster") == {
        PHONE: {"supporters": 3, "requests": 3, "receipts": numbers(others)}
    }


def test_phone_of_beneficiaries_with_four_surnames_is_flagged():
    surnames = ["Joseph", "Charles", "Pierre", "JOSÉPH", "Louis"]
    *others, last = [
        filed(beneficiary={"written_phone": PHONE}, person={"surnames": name}) for name in surnames
    ]

    find_flags(last)

    assert seen(last, "phone_cluster") == {
        PHONE: {"surnames": 4, "requests": 5, "receipts": numbers(others)}
    }


def test_phone_of_a_family_and_of_a_couple_is_no_lead():
    for name in ("Joseph", "Charles", "Joseph", "Joseph", "Pierre"):
        last = filed(beneficiary={"written_phone": PHONE}, person={"surnames": name})
    couple = [filed(supporter={"phone": "+13055550001"}) for _ in range(2)]

    find_flags(last)
    find_flags(couple[0])

    assert not seen(last, "phone_cluster")
    assert not seen(couple[0], "phone_cluster")


def test_known_good_phone_is_quiet_and_another_is_not():
    both = {"supporter": {"phone": PHONE}, "beneficiary": {"written_phone": "+50937555555"}}
    for name in ("Joseph", "Charles", "Pierre", "Louis"):
        last = filed(person={"surnames": name}, **both)
    know("phone", PHONE)

    find_flags(last)

    assert list(seen(last, "phone_cluster")) == ["+50937555555"]


def test_email_of_four_surnames_is_flagged_whatever_its_case():
    mailbox = ["visa.fast@mail.example", "Visa.Fast@mail.example"] * 2
    *others, last = [
        filed(beneficiary={"written_email": email}, person={"surnames": f"Name{'abcd'[n]}"})
        for n, email in enumerate(mailbox)
    ]

    find_flags(last)

    assert seen(last, "email_cluster") == {
        EMAIL: {"surnames": 4, "requests": 4, "receipts": numbers(others)}
    }


@pytest.mark.parametrize("whose", ["form", "account"])
def test_email_of_the_supporter_is_flagged(whose):
    owner = make_user(email="paul@example.org")
    form = "paul@example.org" if whose == "form" else "other@example.org"
    request = filed(
        owner=owner,
        supporter={"email": form},
        beneficiary={"written_email": "Paul@example.org"},
    )

    find_flags(request)

    assert seen(request, "email_cluster") == {"paul@example.org": {"same_as_supporter": True}}


def test_email_of_a_family_is_no_lead_and_none_is_no_lead():
    for name in ("Joseph", "Joseph", "Charles", "Joseph", "Pierre"):
        last = filed(beneficiary={"written_email": EMAIL}, person={"surnames": name})
    none = [
        filed(beneficiary={"written_email": ""}, person={"surnames": f"N{n}x"}) for n in range(5)
    ]

    find_flags(last)
    find_flags(none[-1])

    assert not seen(last, "email_cluster")
    assert not seen(none[-1], "email_cluster")


def test_known_good_email_is_quiet():
    for name in ("Joseph", "Charles", "Pierre", "Louis"):
        last = filed(beneficiary={"written_email": EMAIL}, person={"surnames": name})
    know("email", EMAIL)

    find_flags(last)

    assert not seen(last, "email_cluster")


def test_long_email_is_flagged_with_a_short_key():
    email = f"{'a' * 60}@{'b' * 60}.example"
    request = filed(supporter={"email": email}, beneficiary={"written_email": email})

    find_flags(request)

    assert [len(key) for key in seen(request, "email_cluster")] == [64]


def test_ten_requests_of_two_accounts_from_one_connection_are_flagged():
    owner = make_user()
    others = [filed(owner=owner, filed_ip=IP) for _ in range(9)]
    last = filed(filed_ip=IP)

    find_flags(last)

    assert seen(last, "ip_cluster") == {
        IP: {"requests": 10, "accounts": 2, "receipts": numbers(others)}
    }


def test_nine_requests_or_ten_of_one_account_are_no_lead():
    owner = make_user()
    for _ in range(10):
        own = filed(owner=owner, filed_ip=IP)
    for _ in range(9):
        nine = filed(filed_ip="203.0.113.78")

    find_flags(own)
    find_flags(nine)

    assert not seen(own, "ip_cluster")
    assert not seen(nine, "ip_cluster")


def test_known_good_connection_is_quiet():
    for _ in range(10):
        last = filed(filed_ip=IP)
    know("ip", IP)

    find_flags(last)

    assert not seen(last, "ip_cluster")


def test_at_most_ten_receipt_numbers_are_kept():
    rows = [filed(filed_ip=IP) for _ in range(13)]

    find_flags(rows[0])

    assert seen(rows[0], "ip_cluster")[IP]["receipts"] == numbers(rows[1:11])
