"""The day of the tuberculosis test: from arrival to today, by the person, corrected at will."""

from datetime import UTC, date, datetime

import pytest

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from parole import tuberculosis
from parole.models import Arrival
from tests.breaking import change
from tests.factories import make_airport_officer, make_arrival, make_beneficiary

pytestmark = pytest.mark.django_db


def happened(case):
    rows = Event.objects.of_case(case.reference).filter(verb="tb_reported").order_by("id")
    return list(rows.values_list("verb", "model", "before", "after", "by", "note"))


@pytest.fixture
def paroled(clock):
    clock.at = datetime(2026, 3, 7, 17, tzinfo=UTC)
    made = make_arrival(decided=True)
    clock.at = datetime(2026, 4, 1, 3, 59, tzinfo=UTC)  # 31 March in Washington
    return made


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        (date(2026, 3, 6), False),
        (date(2026, 3, 7), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_report_tb_from_arrival_to_today(paroled, day, stands):
    by = paroled.beneficiary.user

    if stands:
        tuberculosis.report_tb(arrival=paroled, day=day, by=by)
    else:
        with pytest.raises(tuberculosis.NotSince) as refusal:
            tuberculosis.report_tb(arrival=paroled, day=day, by=by)
        assert "from 7 March 2026 to 31 March 2026" in str(refusal.value)

    paroled.refresh_from_db()
    assert paroled.tb_reported_on == (day if stands else None)
    assert len(happened(paroled.beneficiary)) == stands


def test_report_tb_again_corrects_and_the_same_day_twice_is_one_event(paroled):
    by, case = paroled.beneficiary.user, paroled.beneficiary

    for day in (20, 20, 21):
        tuberculosis.report_tb(arrival=paroled, day=date(2026, 3, day), by=by)

    assert Arrival.objects.get().tb_reported_on == date(2026, 3, 21)
    assert happened(case) == [
        ("tb_reported", "parole.arrival", "", "2026-03-20", by.pk, ""),
        ("tb_reported", "parole.arrival", "2026-03-20", "2026-03-21", by.pk, ""),
    ]


@pytest.mark.parametrize(
    ("born", "needed"),
    [(date(2024, 3, 8), False), (date(2024, 3, 7), True), (date(1950, 1, 1), True)],
)
def test_report_tb_is_for_who_is_two_or_older_on_arrival(paroled, born, needed):
    change(paroled.beneficiary.traveler, birth_date=born)
    paroled.beneficiary.traveler.refresh_from_db()

    assert tuberculosis.needs_tb_test(paroled) is needed
    if not needed:
        with pytest.raises(tuberculosis.TooYoung):
            tuberculosis.report_tb(arrival=paroled, day=paroled.day, by=paroled.beneficiary.user)
        assert not happened(paroled.beneficiary)


def test_report_tb_by_somebody_else_is_refused(paroled):
    for by in (
        make_airport_officer(),
        paroled.beneficiary.request.owner,
        make_beneficiary(claimed=True).user,
    ):
        with pytest.raises(NotAllowed):
            tuberculosis.report_tb(arrival=paroled, day=paroled.day, by=by)

    assert Arrival.objects.get().tb_reported_on is None


def test_report_tb_without_parole_is_refused():
    waits = make_arrival()

    with pytest.raises(tuberculosis.NotParoled):
        tuberculosis.report_tb(arrival=waits, day=waits.day, by=waits.beneficiary.user)
