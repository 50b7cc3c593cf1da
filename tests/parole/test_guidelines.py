from datetime import UTC, datetime

import pytest

from cbpone.lib.vault import digest, seal
from parole.guidelines import people_carried, poverty_ratio
from parole.models import Carried, CoSupporter
from tests.factories import make_beneficiary, make_request, make_user
from tests.parole import rows

pytestmark = pytest.mark.django_db

SSN = "219451234"
SAME = {"ssn_sealed": b"", "ssn_digest": "", "ssn_last": ""}


@pytest.fixture
def filed_in_2023(clock):
    clock.at = datetime(2023, 6, 1, 12, tzinfo=UTC)


def one(status="pending", owner=None, **supporter):
    """A request of a supporter who lives alone on 20,000 dollars, unless said otherwise."""
    money = {"household_size": 1, "annual_income": 20_000, "household_income": None}
    return make_request(owner, status=status, supporter=money | supporter)


def sealed(number=SSN):
    return {"ssn_sealed": seal(number), "ssn_digest": digest(number), "ssn_last": number[-4:]}


@pytest.mark.parametrize(
    ("year", "needed_for_two", "needed_for_five"),
    [
        (2023, 14_580 + 5_140, 14_580 + 4 * 5_140),
        (2024, 15_060 + 5_380, 15_060 + 4 * 5_380),
        (2025, 15_650 + 5_500, 15_650 + 4 * 5_500),
    ],
)
def test_poverty_ratio_takes_the_guideline_of_the_year_of_filing(
    clock, year, needed_for_two, needed_for_five
):
    clock.at = datetime(year, 6, 1, 12, tzinfo=UTC)

    alone = poverty_ratio(one(annual_income=needed_for_two))
    family = poverty_ratio(one(household_size=4, annual_income=needed_for_five - 1))

    assert (alone.people, alone.dollars_needed, alone.percent) == (2, needed_for_two, 100)
    assert (family.people, family.dollars_needed, family.percent) == (5, needed_for_five, 99)
    assert alone.missing == family.missing == ""


def test_poverty_ratio_year_of_filing_is_that_of_washington(clock):
    clock.at = datetime(2024, 1, 1, 3, tzinfo=UTC)  # still 2023 there
    request = one()
    clock.at = datetime(2025, 6, 1, 12, tzinfo=UTC)

    assert poverty_ratio(request).dollars_needed == 14_580 + 5_140
    assert poverty_ratio(request, 2025).dollars_needed == 15_650 + 5_500


def test_poverty_ratio_draft_takes_the_year_of_today(clock):
    clock.at = datetime(2024, 6, 1, 12, tzinfo=UTC)

    assert poverty_ratio(one("draft")).dollars_needed == 15_060 + 5_380


def test_poverty_ratio_missing_year_says_so(clock):
    clock.at = datetime(2026, 6, 1, 12, tzinfo=UTC)

    ratio = poverty_ratio(one())

    assert (ratio.people, ratio.income) == (2, 20_000)
    assert (ratio.dollars_needed, ratio.percent) == (15_650 + 5_500, 94)
    assert ratio.missing == (
        "There is no poverty guideline for 2026 on file (48 states and D.C.). "
        "The one of 2025 is used."
    )
    rows.guideline(year=2026, first_person=16_000, each_further=4_000)
    ratio = poverty_ratio(one())
    assert (ratio.percent, ratio.missing) == (100, "")


def test_poverty_ratio_never_takes_a_guideline_of_a_later_year(clock):
    clock.at = datetime(2022, 11, 1, 12, tzinfo=UTC)

    ratio = poverty_ratio(one())

    assert (ratio.dollars_needed, ratio.percent) == (None, None)
    assert ratio.missing == "There is no poverty guideline for 2022 on file (48 states and D.C.)."


@pytest.mark.parametrize(("state", "place"), [("AK", "Alaska"), ("HI", "Hawaii")])
def test_poverty_ratio_alaska_and_hawaii_have_their_own(filed_in_2023, state, place):
    request = one(state=state)

    assert poverty_ratio(request).percent is None
    assert poverty_ratio(request).missing == (
        f"There is no poverty guideline for 2023 on file ({place})."
    )
    rows.guideline(year=2023, states=state, first_person=18_210, each_further=6_430)
    assert poverty_ratio(request).dollars_needed == 18_210 + 6_430


def test_poverty_ratio_adds_the_income_of_others_and_keeps_assets_apart(filed_in_2023):
    request = one(household_income=25_000, bank=7_000, real_estate=100_000)
    CoSupporter.objects.create(request=request, given_names="Eva", annual_income=14_440)
    CoSupporter.objects.create(request=request, given_names="Not said")

    ratio = poverty_ratio(request)

    assert (ratio.income, ratio.assets, ratio.percent) == (39_440, 107_000, 200)


def test_poverty_ratio_without_any_money_is_zero(filed_in_2023):
    ratio = poverty_ratio(one(annual_income=None, household_size=None))

    assert (ratio.people, ratio.income, ratio.percent) == (2, 0, 0)


def test_people_carried_counts_household_carried_and_this_person():
    request = one(household_size=3)
    Carried.objects.create(request=request, name="Luis", form="I-134")
    Carried.objects.create(request=one(), name="Of another supporter")

    assert people_carried(request) == 3 + 1 + 1


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("draft", 0),
        ("received", 1),
        ("pending", 1),
        ("selected", 1),
        ("more_info", 1),
        ("fingerprints", 1),
        ("fraud_hold", 1),
        ("confirmed", 1),
        ("not_confirmed", 0),
        ("withdrawn", 0),
    ],
)
def test_people_carried_other_request_of_the_account_counts_while_it_holds(status, counts):
    owner = make_user()
    one(status, owner)

    assert people_carried(one(owner=owner)) == 2 + counts


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("invited", 1),
        ("ata_pending", 1),
        ("ata_expired", 1),
        ("paroled", 1),
        ("closed", 0),
        ("ata_denied", 0),
        ("ata_cancelled", 0),
        ("parole_denied", 0),
    ],
)
def test_people_carried_confirmed_counts_until_it_is_clear_nobody_comes(status, counts):
    owner = make_user()
    make_beneficiary(status=status, request=one("confirmed", owner))

    assert people_carried(one(owner=owner)) == 2 + counts


def test_people_carried_two_accounts_with_one_number_are_one_supporter(filed_in_2023):
    first = one(**sealed())
    second = one(**sealed())
    one(**sealed("219455678"))

    assert people_carried(first) == people_carried(second) == 3
    assert poverty_ratio(first).dollars_needed == 14_580 + 2 * 5_140


def test_people_carried_no_number_is_not_a_shared_number():
    first = one(**SAME)
    one(**SAME)

    assert people_carried(first) == 2


@pytest.mark.parametrize("others", [0, 3])
def test_poverty_ratio_asks_the_same_number_of_queries(django_assert_num_queries, others):
    request = one(**sealed())
    for _number in range(others):
        one(**sealed())
        Carried.objects.create(request=request, name="Luis")
        CoSupporter.objects.create(request=request, annual_income=1_000)
    request.refresh_from_db()

    with django_assert_num_queries(5):
        poverty_ratio(request)
