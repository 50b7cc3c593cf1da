"""Find a person at an airport, check in, parole or its denial, once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from parole import arrival as arriving
from parole import travel
from parole.models import I94, Airport, Arrival
from parole.travel_officers import OwnCase
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_parole_supervisor,
    make_reviewer,
    make_travel_officer,
)
from tests.facts import told

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 3, 7)  # the day before clocks change


@pytest.fixture
def officer():
    return make_airport_officer()


def airport(code="MIA"):
    return Airport.objects.get(code=code)


def happened(case, *verbs):
    rows = Event.objects.of_case(case.reference).filter(verb__in=verbs).order_by("id")
    return list(rows.values_list("verb", "model", "before", "after", "by", "note"))


def checked_in(at=None, officer=None, code="MIA", **values):
    """An arrival, through the rule's own rows, at this instant."""
    authorization = make_authorization(
        make_beneficiary(status="travelled", **values), status="used"
    )
    at = {"arrived_at": at} if at else {}
    return make_arrival(authorization, airport=airport(code), **at)


# --- Find ---------------------------------------------------------------------------------


def test_find_authorization_by_number_however_it_is_typed():
    mine = make_authorization()

    assert arriving.find_authorization(f" {mine.reference.lower().replace('-', ' ')} ") == mine
    assert arriving.find_authorization("T-2222-2222") is None
    assert arriving.find_authorization("Marie Joseph") is None


@pytest.mark.parametrize(
    "typed", ["duvér", "DUVER marie-thérèse", "therese", "ht 12 345", "HT-12345"]
)
def test_find_people_by_name_or_passport_whatever_accents_case_and_blanks(officer, typed):
    mine = make_authorization()
    change(
        mine.beneficiary.traveler,
        given_names="Marie-Thérèse",
        surnames="Duvér",
        document_number="HT 12345",
    )
    make_authorization()

    assert list(arriving.find_people(typed, officer)) == [mine]


@pytest.mark.parametrize("status", ["used", "expired", "cancelled"])
def test_find_people_finds_nobody_who_may_not_travel_now(officer, status):
    mine = make_authorization(status=status)

    assert not arriving.find_people(mine.beneficiary.traveler.given_names, officer).exists()


@pytest.mark.parametrize("typed", ["", "   ", "--", "%", "_"])
def test_find_people_by_no_letters_finds_nobody(officer, typed):
    make_authorization()

    assert not arriving.find_people(typed, officer).exists()


def test_find_people_of_an_applicant_or_a_supporter_finds_nobody_else():
    mine = make_authorization()
    name = mine.beneficiary.traveler.surnames
    supporter = mine.beneficiary.request.owner
    supporter.is_staff = True
    supporter.save()
    supporter.groups.set(make_airport_officer().groups.all())

    assert not arriving.find_people(name, make_beneficiary(claimed=True).user).exists()
    assert not arriving.find_people(name, supporter).exists()


# --- Arrive -------------------------------------------------------------------------------


def test_arrive_uses_the_authorization_and_is_on_record(officer, clock):
    mine = make_authorization()
    case = mine.beneficiary

    made = arriving.arrive(authorization=mine, airport=airport(), by=officer)

    made.refresh_from_db(), mine.refresh_from_db(), case.refresh_from_db()
    assert (mine.status, mine.ended_at, mine.ended_by) == ("used", clock.at, officer)
    assert case.status == "travelled"
    assert (made.airport.code, made.arrived_at, made.checked_by) == ("MIA", clock.at, officer)
    assert (made.decided_at, made.denial) == (None, "")
    assert happened(case, "travelled") == [
        ("travelled", "parole.authorization", "valid", "used", officer.pk, ""),
        ("travelled", "parole.beneficiary", "ata_approved", "travelled", officer.pk, "MIA"),
    ]


# The last day is 7 March 2026: over at 05:00 UTC of the 8th in New York, 08:00 in Los Angeles.
@pytest.mark.parametrize(
    ("code", "at", "lands"),
    [
        ("JFK", datetime(2026, 3, 8, 4, 59, 59, tzinfo=UTC), True),
        ("JFK", datetime(2026, 3, 8, 5, 0, tzinfo=UTC), False),
        ("LAX", datetime(2026, 3, 8, 5, 0, tzinfo=UTC), True),
        ("LAX", datetime(2026, 3, 8, 7, 59, 59, tzinfo=UTC), True),
        ("LAX", datetime(2026, 3, 8, 8, 0, tzinfo=UTC), False),
        ("IAH", datetime(2026, 3, 8, 5, 59, 59, tzinfo=UTC), True),
        ("IAH", datetime(2026, 3, 8, 6, 0, tzinfo=UTC), False),
    ],
)
def test_arrive_on_the_last_day_counts_by_the_clock_of_the_airport(officer, clock, code, at, lands):
    mine = make_authorization(valid_until=LAST_DAY)
    clock.at = at

    if lands:
        assert arriving.can_arrive(officer, mine, airport(code))
        arriving.arrive(authorization=mine, airport=airport(code), by=officer)
    else:
        with pytest.raises(arriving.Expired, match="expired") as refusal:
            arriving.arrive(authorization=mine, airport=airport(code), by=officer)
        assert "7 March 2026" in str(refusal.value)

    assert Arrival.objects.filter(authorization=mine).exists() is lands


def test_arrive_in_los_angeles_is_still_open_after_the_expiry_ran_in_new_york_time(officer, clock):
    mine = make_authorization(valid_until=LAST_DAY)
    clock.at = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)

    travel.expire_authorizations()
    arriving.arrive(authorization=mine, airport=airport("LAX"), by=officer)

    assert Arrival.objects.get().authorization == mine


@pytest.mark.parametrize(
    ("status", "refusal", "words"),
    [
        ("used", arriving.AlreadyUsed, "was used already"),
        ("expired", arriving.Expired, "It has expired"),
        ("cancelled", arriving.Cancelled, "was cancelled"),
    ],
)
def test_arrive_with_an_ended_authorization_is_refused(officer, status, refusal, words):
    mine = make_authorization(status=status)

    with pytest.raises(refusal) as raised:
        arriving.arrive(authorization=mine, airport=airport(), by=officer)

    assert isinstance(raised.value, arriving.NotValid)
    assert words in str(raised.value)
    assert not Arrival.objects.exists()
    assert not happened(mine.beneficiary, "travelled")


def test_arrive_with_an_authorization_cancelled_since_it_was_read_is_refused(officer):
    mine = make_authorization()
    change(mine, status="cancelled", ended_at=mine.approved_at, reason="support")

    with pytest.raises(arriving.Cancelled):
        arriving.arrive(authorization=mine, airport=airport(), by=officer)


@pytest.mark.parametrize("make", [make_reviewer, make_travel_officer])
def test_arrive_by_somebody_without_the_role_is_refused(make):
    mine = make_authorization()

    with pytest.raises(NotAllowed):
        arriving.arrive(authorization=mine, airport=airport(), by=make())

    assert not Arrival.objects.exists()


def test_arrive_by_a_parole_supervisor_is_allowed():
    mine = make_authorization()

    assert arriving.arrive(authorization=mine, airport=airport(), by=make_parole_supervisor()).pk


@pytest.mark.parametrize("who", ["person", "supporter"])
def test_nobody_acts_on_their_own_case(who):
    mine = make_authorization()
    case = mine.beneficiary
    user = case.user if who == "person" else case.request.owner
    user.user_permissions.add(Permission.objects.get(codename="inspect_arrival"))
    made = checked_in()
    owner = made.beneficiary.user if who == "person" else made.beneficiary.request.owner
    owner.user_permissions.add(Permission.objects.get(codename="inspect_arrival"))
    until = made.day + timedelta(days=100)

    with pytest.raises(OwnCase):
        arriving.arrive(authorization=mine, airport=airport(), by=user)
    with pytest.raises(OwnCase):
        arriving.parole_in(arrival=made, until=until, by=owner)
    with pytest.raises(OwnCase):
        arriving.deny_parole(arrival=made, denial="nta", note="Why", by=owner)

    assert not Event.objects.filter(verb__in=["travelled", "paroled", "parole_denied"]).exists()


# --- Children -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "guardian", "alone"),
    [
        (date(2008, 3, 8), None, True),  # 18 on the day after
        (date(2008, 3, 7), None, False),  # 18 today
        (date(2015, 1, 1), "ata_approved", True),
        (date(2015, 1, 1), "travelled", False),
        (date(2015, 1, 1), "paroled", False),
        (date(2015, 1, 1), "parole_denied", True),
    ],
)
def test_child_travels_alone_unless_the_guardian_is_here(born, guardian, alone):
    adult = guardian and make_beneficiary(status=guardian)
    relation = {"guardian": adult, "guardian_relation": "parent"} if adult else {}
    child = make_beneficiary(status="ata_approved", **relation)
    change(child.traveler, birth_date=born)
    child.traveler.refresh_from_db()

    assert arriving.travels_alone(child, date(2026, 3, 7)) is alone


def test_arrive_of_a_child_alone_is_not_refused(officer):
    child = make_beneficiary(status="ata_approved")
    change(child.traveler, birth_date=date(2018, 1, 1))

    made = arriving.arrive(authorization=make_authorization(child), airport=airport(), by=officer)

    assert made.pk


# --- Parole -------------------------------------------------------------------------------


def test_parole_makes_the_record_tells_the_person_and_is_on_record(officer, clock):
    clock.at = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 7 March, 23:30, in Los Angeles
    made = checked_in(clock.at, code="LAX", text_messages=True)
    clock.forward(hours=1)
    case = made.beneficiary

    i94 = arriving.parole_in(arrival=made, until=date(2028, 3, 7), by=officer)

    made.refresh_from_db(), case.refresh_from_db()
    assert (i94.admitted_on, i94.admitted_until) == (date(2026, 3, 7), date(2028, 3, 7))
    assert i94.class_of_admission == "DT"
    assert (made.decided_at, made.decided_by, made.denial) == (clock.at, officer, "")
    assert case.status == "paroled"
    assert happened(case, "paroled") == [
        ("paroled", "parole.beneficiary", "travelled", "paroled", officer.pk, "2028-03-07")
    ]
    assert told(case.user) == [("paroled", ["email", "sms"])]


@pytest.mark.parametrize(
    ("arrived", "last"),
    [
        (date(2026, 3, 7), date(2028, 3, 7)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2028, 2, 28)),
        (date(2027, 3, 1), date(2029, 3, 1)),
        (date(2026, 12, 31), date(2028, 12, 31)),
    ],
)
def test_parole_runs_two_years_at_most(officer, clock, arrived, last):
    clock.at = datetime(arrived.year, arrived.month, arrived.day, 17, tzinfo=UTC)
    made = checked_in(clock.at)

    assert arriving.longest(arrived) == last
    with pytest.raises(arriving.TooLong):
        arriving.parole_in(arrival=made, until=last + timedelta(days=1), by=officer)
    assert made.decided_at is None

    assert arriving.parole_in(arrival=made, until=last, by=officer).admitted_until == last


@pytest.mark.parametrize(("days", "stands"), [(-400, False), (-1, False), (0, False), (1, True)])
def test_parole_ends_after_today(officer, clock, days, stands):
    clock.at = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 7 March at the airport
    made = checked_in(clock.at, code="LAX")
    until = date(2026, 3, 7) + timedelta(days=days)

    if stands:
        arriving.parole_in(arrival=made, until=until, by=officer)
    else:
        with pytest.raises(arriving.NotLater):
            arriving.parole_in(arrival=made, until=until, by=officer)

    assert I94.objects.exists() is stands
    assert Event.objects.filter(verb="paroled").exists() is stands


def test_parole_days_count_from_arrival_when_the_decision_comes_days_later(officer, clock):
    clock.at = datetime(2026, 3, 7, 17, tzinfo=UTC)
    made = checked_in(clock.at)
    clock.forward(days=3)

    i94 = arriving.parole_in(arrival=made, until=date(2028, 3, 7), by=officer)

    assert i94.admitted_on == date(2026, 3, 7)


# --- Denied -------------------------------------------------------------------------------


def test_deny_parole_is_on_record_and_told(officer, clock):
    made = checked_in()
    case = made.beneficiary

    arriving.deny_parole(arrival=made, denial="ercf", note=" Fear of return. ", by=officer)

    made.refresh_from_db(), case.refresh_from_db()
    assert (made.denial, made.note, made.decided_by) == ("ercf", "Fear of return.", officer)
    assert made.decided_at == clock.at
    assert case.status == "parole_denied"
    assert not I94.objects.exists()
    assert happened(case, "parole_denied") == [
        ("parole_denied", "parole.beneficiary", "travelled", "parole_denied", officer.pk, "ercf")
    ]
    assert told(case.user) == [("parole_denied", ["email"])]


@pytest.mark.parametrize(
    ("denial", "note", "refusal"),
    [
        ("", "Why", arriving.NotOnList),
        ("paroled", "Why", arriving.NotOnList),
        ("nta", "  ", arriving.WhyMissing),
        ("hhs", "Why", arriving.NotAChild),
    ],
)
def test_deny_parole_without_what_it_takes_is_refused(officer, denial, note, refusal):
    made = checked_in()

    with pytest.raises(refusal):
        arriving.deny_parole(arrival=made, denial=denial, note=note, by=officer)

    made.refresh_from_db()
    assert (made.decided_at, made.denial, made.note) == (None, "", "")


def test_deny_parole_of_a_child_refers_to_hhs(officer):
    made = checked_in()
    change(made.beneficiary.traveler, birth_date=date(2015, 5, 5))
    made.beneficiary.traveler.refresh_from_db()

    arriving.deny_parole(arrival=made, denial="hhs", note="Came alone.", by=officer)

    assert Arrival.objects.get().denial == "hhs"


@pytest.mark.parametrize("first", ["parole", "deny"])
@pytest.mark.parametrize("second", ["parole", "deny"])
def test_decision_is_made_once_even_from_a_page_read_before(officer, first, second):
    made = checked_in()
    stale = Arrival.objects.get(pk=made.pk)
    until = made.day + timedelta(days=300)

    def decide(which, row):
        if which == "parole":
            arriving.parole_in(arrival=row, until=until, by=officer)
        else:
            arriving.deny_parole(arrival=row, denial="nta", note="Why", by=officer)

    decide(first, made)
    with pytest.raises(arriving.AlreadyDecided):
        decide(second, stale)

    assert I94.objects.count() == (first == "parole")
    assert len(told(made.beneficiary.user)) == 1


@pytest.mark.parametrize("make", [make_reviewer, make_travel_officer])
def test_decision_by_somebody_without_the_role_is_refused(make):
    made = checked_in()
    until = made.day + timedelta(days=300)

    with pytest.raises(NotAllowed):
        arriving.parole_in(arrival=made, until=until, by=make())
    with pytest.raises(NotAllowed):
        arriving.deny_parole(arrival=made, denial="nta", note="Why", by=make())

    assert Arrival.objects.get().decided_at is None
