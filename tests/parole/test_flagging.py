"""Flags as rows: found, cleared, found again, judged, and on record once."""

import pytest

from parole.choices import Signal, Verdict
from parole.flagging import SIGNALS, find_flags
from parole.models import Flag
from tests.breaking import change
from tests.factories import make_request
from tests.facts import events
from tests.parole.flags import know, seen, signals
from tests.parole.rows import judged

pytestmark = pytest.mark.django_db
PHONE = "+14075550199"


@pytest.fixture
def flagged(clock):
    """One flag found, because of the phone of three supporters."""
    rows = [make_request(status="pending", supporter={"phone": PHONE}) for _ in range(3)]
    find_flags(rows[0])
    return rows[0]


def test_every_signal_has_a_function_that_names_its_source():
    assert len(SIGNALS) == len(Signal)
    assert all("2024" in signal.__doc__ for signal in SIGNALS)


def test_find_flags_writes_rows_and_one_event(flagged, clock):
    flag = Flag.objects.get()

    assert (flag.request, flag.signal, flag.key) == (flagged, "phone_cluster", PHONE)
    assert (flag.found_at, flag.cleared_at, flag.verdict) == (clock.at, None, "")
    assert events(flagged) == [("flagged", "", "", None)]


def test_find_flags_again_changes_nothing(flagged, clock):
    before = Flag.objects.values().get()
    clock.forward(hours=1)

    standing = find_flags(flagged)

    assert [flag.pk for flag in standing] == [before["id"]]
    assert Flag.objects.values().get() == before
    assert len(events(flagged)) == 1


def test_find_flags_of_an_honest_request_leaves_no_trace(db):
    request = make_request(status="pending")

    assert find_flags(request) == []
    assert events(request) == []


def test_newer_numbers_are_kept_without_an_event(flagged):
    make_request(status="pending", supporter={"phone": PHONE})

    find_flags(flagged)

    assert seen(flagged, "phone_cluster")[PHONE]["supporters"] == 4
    assert len(events(flagged)) == 1


def test_flag_not_found_any_more_is_cleared(flagged, clock):
    know("phone", PHONE)
    clock.forward(hours=1)

    assert find_flags(flagged) == []

    assert Flag.objects.get().cleared_at == clock.at
    assert len(events(flagged)) == 2


def test_flag_found_again_stands_again(flagged, clock):
    good = know("phone", PHONE)
    find_flags(flagged)
    good.delete()
    clock.forward(hours=1)

    find_flags(flagged)

    flag = Flag.objects.get()
    assert (flag.cleared_at, flag.found_at) == (None, clock.at)
    assert len(events(flagged)) == 3


@pytest.mark.parametrize("verdict", Verdict.values)
def test_judged_flag_stays_as_it_was_judged(flagged, verdict):
    flag = Flag.objects.get()
    change(flag, **judged(verdict=verdict))
    before = Flag.objects.values().get()
    know("phone", PHONE)

    find_flags(flagged)
    make_request(status="pending", supporter={"phone": PHONE})

    assert Flag.objects.values().get() == before
    assert len(events(flagged)) == 1


@pytest.mark.parametrize(
    "status", ["received", "pending", "selected", "more_info", "fingerprints", "fraud_hold"]
)
def test_find_flags_moves_a_request_nowhere(status):
    request = make_request(status=status, supporter={"ssn": "111111111", "annual_income": None})

    find_flags(request)

    request.refresh_from_db()
    assert request.status == status
    assert signals(request) == ["ssn_form"]


def test_evidence_never_holds_a_social_security_number():
    for _ in range(6):
        request = make_request(
            status="pending",
            supporter={
                "ssn": "111111111",
                "phone": PHONE,
                "zip": "90210",
                "a_number": "12",
                "annual_income": None,
                "household_income": None,
            },
        )
    find_flags(request)

    assert signals(request) == [
        "a_number", "income", "phone_cluster", "serial", "ssn_form", "ssn_shared", "zip_state",
    ]  # fmt: skip
    written = str(list(request.flags.values_list("evidence", "key")))
    assert "111111111" not in written
    assert request.supporter.ssn_digest not in written


def test_find_flags_asks_the_same_number_of_questions_however_large_the_cluster(
    django_assert_num_queries,
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        last = make_request(
            status="pending",
            supporter={"phone": PHONE, "street": "1 Oak Street", "zip": "33137"},
            filed_ip="203.0.113.77",
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            find_flags(last)
        return len(queries)

    for _ in range(10):
        asked()
    few = asked()
    for _ in range(10):
        asked()

    assert asked() == few <= 40
