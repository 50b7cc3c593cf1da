"""From received to the pool: in order, once, whatever is found and whatever breaks."""

import pytest

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from parole import flagging, sorting
from parole.models import NonResidential, SupportRequest
from parole.sorting import look_at_all_again, sort_requests
from tests.breaking import change
from tests.factories import make_request, make_user
from tests.facts import events
from tests.parole.flags import know, seen, signals
from tests.parole.rows import judged
from tests.parole.test_similar import COPIED
from tests.race import at_once

pytestmark = pytest.mark.django_db
PHONE = "+14075550199"
HOME = {"street": "8700 Exchange Drive", "zip": "32809"}
MAILBOX = {"written_email": "visa.fast@mail.example"}
NO_PLAN = dict.fromkeys(["plan_housing", "plan_work", "plan_school", "plan_health"], "")


def received(**values):
    return make_request(status="received", **values)


def status_of(request) -> str:
    return SupportRequest.objects.values_list("status", flat=True).get(pk=request.pk)


def test_received_request_goes_to_the_pool():
    request = received()

    assert sort_requests() == 1

    assert status_of(request) == "pending"
    assert events(request) == [("pooled", "received", "pending", None)]


def test_flags_send_a_request_nowhere_but_to_the_pool():
    bad = {"ssn": "111111111", "zip": "90210", "a_number": "12", "household_income": None}
    request = received(supporter=bad | {"annual_income": None}, bedrooms=1, occupants=12)

    assert sort_requests() == 1

    assert status_of(request) == "pending"
    assert signals(request) == ["a_number", "crowded", "income", "ssn_form", "zip_state"]
    assert events(request) == [
        ("flagged", "", "", None),
        ("pooled", "received", "pending", None),
    ]


def test_requests_are_sorted_in_order_of_filing():
    late, early = received(filing_number=900_002), received(filing_number=900_001)

    sort_requests()

    pooled = Event.objects.filter(verb=Verb.POOLED).order_by("id").values_list("case", flat=True)
    assert list(pooled) == [early.reference, late.reference]


def test_chunks_leave_nobody_out(monkeypatch):
    monkeypatch.setattr(sorting, "CHUNK", 2)
    for _ in range(5):
        received()

    assert sort_requests() == 5
    assert sort_requests() == 0


@pytest.mark.parametrize("status", ["draft", "pending", "selected", "withdrawn", "confirmed"])
def test_other_requests_are_left_alone(status):
    request = make_request(status=status)

    assert sort_requests() == 0

    assert status_of(request) == status
    assert events(request) == []


def test_filed_later_than_asked_waits(clock):
    before = clock.at
    clock.forward(minutes=5)
    request = received()

    assert sort_requests(before) == 0
    assert status_of(request) == "received"
    assert sort_requests() == 1


def test_broken_request_stays_received_and_holds_up_nobody(caplog):
    broken = received()
    change(broken.supporter, ssn_sealed=b"not sealed by any key of ours")
    other = received()

    assert sort_requests() == 1

    assert (status_of(broken), status_of(other)) == ("received", "pending")
    assert events(broken) == []
    assert f"request {broken.pk} was not sorted" in caplog.text


def test_request_withdrawn_meanwhile_is_not_sorted(monkeypatch):
    request = received()
    look_at = flagging.look_at

    def withdrawn_meanwhile(case):
        change(request, status="withdrawn", withdrawn_at=request.filed_at)
        return look_at(case)

    monkeypatch.setattr(flagging, "look_at", withdrawn_meanwhile)

    assert sort_requests() == 0
    assert status_of(request) == "withdrawn"


@pytest.mark.parametrize(
    ("values", "number", "signal"),
    [
        (lambda n: {"supporter": {"phone": PHONE}}, 3, "phone_cluster"),
        (lambda n: {"supporter": HOME}, 4, "address_cluster"),
        (lambda n: {"beneficiary": MAILBOX, "person": {"surnames": f"N{n}x"}}, 4, "email_cluster"),
        (lambda n: {"filed_ip": "203.0.113.77"}, 10, "ip_cluster"),
        (lambda n: {"supporter": {"ssn": "212343456"}}, 2, "ssn_shared"),
        (lambda n: {"plan_reception": COPIED} | NO_PLAN, 2, "text_similar"),
    ],
)
def test_request_that_completes_a_cluster_flags_the_earlier_ones_that_wait(values, number, signal):
    rows = []
    for n in range(number):
        rows.append(received(**values(n)))
        if n < number - 1:
            sort_requests()
            assert not any(seen(row, signal) for row in rows)

    assert sort_requests() == 1

    assert all(seen(row, signal) for row in rows)
    assert events(rows[0])[-1] == ("flagged", "", "", None)
    assert status_of(rows[0]) == "pending"


def test_sixth_request_flags_the_first_five_and_those_in_review_but_not_the_decided():
    owner = make_user()
    review = make_request(owner, status="selected")
    done = make_request(owner, status="confirmed")
    rows = [received(owner=owner) for _ in range(4)]

    sort_requests()

    assert [bool(seen(row, "serial")) for row in (review, *rows)] == [True] * 5
    assert not seen(done, "serial")
    assert status_of(review) == "selected"


def test_number_of_requests_looked_at_again_has_a_limit(monkeypatch):
    monkeypatch.setattr("parole.flagging.related.MOST_AGAIN", 2)
    rows = [make_request(status="pending", supporter={"phone": PHONE}) for _ in range(5)]
    received(supporter={"phone": PHONE})

    sort_requests()

    assert sum(bool(seen(row, "phone_cluster")) for row in rows) == 2


def test_value_that_became_known_good_clears_flags_that_nobody_judged():
    rows = [received(supporter={"phone": PHONE}) for _ in range(3)]
    sort_requests()
    change(rows[0].flags.get(signal="phone_cluster"), **judged())
    know("phone", PHONE)

    sort_requests()

    assert [bool(seen(row, "phone_cluster")) for row in rows] == [True, False, False]


def test_organization_that_became_known_good_is_serial_no_more(settings):
    settings.FLAG_SERIAL_REQUESTS = 2
    owner = make_user(email="help@parish.example")
    rows = [received(owner=owner) for _ in range(2)]
    sort_requests()
    look_at_all_again()
    assert all(seen(row, "serial") for row in rows)
    know("email", "help@parish.example")

    sort_requests()

    assert not any(seen(row, "serial") for row in rows)


@pytest.mark.parametrize("which", ["home", "housing"])
def test_address_that_came_on_the_list_flags_requests_that_wait(which):
    elsewhere = {"lives": "elsewhere", "housing_street": HOME["street"], "housing_zip": HOME["zip"]}
    request = received(supporter=HOME) if which == "home" else received(**elsewhere)
    sort_requests()
    key = SupportRequest.objects.get().housing_key or request.supporter.address_key
    request.supporter.refresh_from_db()
    NonResidential.objects.create(
        address_key=key or request.supporter.address_key, name="Warehouse"
    )

    sort_requests()

    assert [*seen(request, "address_kind").values()] == [{"name": "Warehouse"}]


def test_look_at_all_again_finds_what_a_lower_limit_shows(settings):
    rows = [received(supporter={"phone": PHONE}) for _ in range(2)]
    sort_requests()
    settings.FLAG_PHONE_SUPPORTERS = 2

    assert look_at_all_again() == 2

    assert all(seen(row, "phone_cluster") for row in rows)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_at_once_sort_each_request_once():
    few = {"plan_reception": "I meet her.", **NO_PLAN}  # words; texts are found by the later one
    rows = [received(supporter={"phone": PHONE}, **few) for _ in range(6)]

    outcomes = at_once([sort_requests] * 4)

    assert sum(outcomes) == 6
    for row in rows:
        assert [event[0] for event in events(row)].count("pooled") == 1
        assert [event[0] for event in events(row)].count("flagged") == 1
        assert seen(row, "phone_cluster")[PHONE]["supporters"] == 6


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_copies_sorted_at_once_both_get_their_flag():
    for _ in range(3):
        rows = [received(plan_reception=COPIED, **NO_PLAN) for _ in range(2)]

        at_once([lambda pk=row.pk: sorting._sort(pk) for row in rows])

        assert all(seen(row, "text_similar") for row in rows)
