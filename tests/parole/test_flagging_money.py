"""Income for everybody supported, and one supporter with many requests."""

from datetime import date

import pytest

from parole.flagging import find_flags
from parole.guidelines import poverty_ratio
from parole.models import PovertyGuideline
from tests.factories import make_request, make_user
from tests.parole.flags import know, seen

pytestmark = pytest.mark.django_db
POOR = {"annual_income": 9_000, "household_income": 9_000, "household_size": 5, "tax_income": 9_000}


@pytest.fixture(autouse=True)
def guideline(db):
    year = date.today().year
    for n in range(3):
        PovertyGuideline.objects.get_or_create(
            year=year - n,
            states="48",
            defaults={"first_person": 16_000, "each_further": 5_600, "source": "91 FR 1"},
        )


def filed(owner=None, **values):
    return make_request(owner, status=values.pop("status", "received"), **values)


def test_low_income_is_flagged_with_the_figures_of_the_guideline():
    request = filed(supporter=POOR)
    ratio = poverty_ratio(request)

    find_flags(request)

    assert ratio.percent < 100
    assert seen(request, "income") == {
        "": {
            "income": ratio.income,
            "needed": ratio.dollars_needed,
            "percent": ratio.percent,
            "people": ratio.people,
        }
    }


def test_no_income_is_flagged():
    request = filed(supporter={"annual_income": None, "household_income": None, "tax_income": None})

    find_flags(request)

    people = poverty_ratio(request).people
    assert seen(request, "income") == {"": {"missing": True, "people": people}}


def test_enough_income_is_no_lead():
    request = filed()

    find_flags(request)

    assert not seen(request, "income")


def test_year_without_guideline_is_no_lead():
    PovertyGuideline.objects.all().delete()
    request = filed(supporter=POOR)

    find_flags(request)

    assert not seen(request, "income")


def test_six_requests_of_one_account_are_flagged():
    owner = make_user()
    *others, last = [filed(owner) for _ in range(6)]

    find_flags(last)

    assert seen(last, "serial") == {
        "": {"requests": 6, "accounts": 1, "receipts": [row.reference for row in others]}
    }


def test_six_requests_of_one_person_under_many_accounts_are_flagged():
    by_number = [filed(supporter={"ssn": "212343456"}) for _ in range(3)]
    same = {"given_names": "José", "surnames": "Pérez Gómez"}
    spelled = {"given_names": "jose", "surnames": "Perez-Gomez"}
    last = filed(supporter=same | {"ssn": "212343456"})
    by_name = [filed(supporter=spelled) for _ in range(2)]

    find_flags(last)

    assert seen(last, "serial")[""] == {
        "requests": 6,
        "accounts": 6,
        "receipts": [row.reference for row in (*by_number, *by_name)],
    }


def test_five_requests_and_drafts_are_no_lead():
    owner = make_user()
    for _ in range(5):
        last = filed(owner)
    make_request(owner)
    filed(supporter={"given_names": "Paul", "surnames": "Other"})

    find_flags(last)

    assert not seen(last, "serial")


def test_same_name_with_another_birth_date_is_another_person():
    same = {"given_names": "José", "surnames": "Pérez"}
    rows = [filed(supporter=same | {"birth_date": date(1970 + n, 1, 1)}) for n in range(6)]

    find_flags(rows[0])

    assert not seen(rows[0], "serial")


def test_account_of_a_known_good_organization_is_quiet():
    owner = make_user(email="help@parish.example")
    for _ in range(6):
        last = filed(owner)
    know("email", "help@parish.example")

    find_flags(last)

    assert not seen(last, "serial")
