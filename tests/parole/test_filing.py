"""Signing and filing, and every later step that is the supporter's own."""

from datetime import date, timedelta

import pytest

from cbpone.lib import clock as the_clock
from cbpone.lib.errors import NotAllowed
from cbpone.lib.vault import digest
from parole import filing
from parole.models import CoSupporter, ParolePage, Process, SupportRequest
from parole.statuses import OPEN
from tests.factories import (
    make_process,
    make_request,
    make_user,
)
from tests.facts import events, told
from tests.parole.drafts import make_ready
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db


def press(request, by=None):
    return filing.file(request=request, name="Paul Benoit", by=by or request.owner, ip="192.0.2.7")


# --- Filing -------------------------------------------------------------------------------


def test_file_receives_the_request(clock):
    request = make_ready(process=None)

    press(request)

    request.refresh_from_db()
    assert (request.status, request.filed_at, request.filed_ip) == (
        "received",
        clock.at,
        "192.0.2.7",
    )
    assert (request.signed_name, request.process) == ("Paul Benoit", make_process("HT"))
    assert (len(request.pair_key), request.filing_number > 0) == (64, True)
    assert events(request) == [("filed", "draft", "received", request.owner_id)]
    assert told(request.owner) == [("request_received", ["email"])]


def test_file_sends_a_text_where_it_is_wanted():
    request = make_ready(supporter={"text_messages": True})

    press(request)

    assert told(request.owner) == [("request_received", ["email", "sms"])]


def test_file_gives_numbers_in_the_order_of_filing():
    first, second = make_ready(), make_ready()

    press(second)
    press(first)

    assert first.filing_number == second.filing_number + 1


def test_file_twice_changes_nothing():
    request = make_ready()
    press(request)
    before = SupportRequest.objects.values().get()

    press(request)

    assert SupportRequest.objects.values().get() == before
    assert len(events(request)) == len(told(request.owner)) == 1


def test_file_by_a_stranger_is_refused():
    request = make_ready()

    with pytest.raises(NotAllowed):
        press(request, by=make_user())

    assert SupportRequest.objects.get().status == "draft"


def test_file_of_a_discarded_draft_is_refused():
    request = make_ready(status="withdrawn", filed_at=None)

    with pytest.raises(NotAllowed):
        press(request)


@pytest.mark.parametrize("key", ["name", "address", "person_birth", "process", "carried", "plan"])
def test_file_with_a_page_missing_is_refused(key):
    request = make_ready()
    request.pages.filter(key=key).delete()

    with pytest.raises(filing.NotComplete):
        press(request)

    assert events(request) == []


def test_file_with_a_page_that_could_not_be_saved_is_refused(clock):
    request = make_ready()
    request.pages.filter(key="birth").update(typed={"sex": ["x"]}, typed_at=clock.at)

    with pytest.raises(filing.NotComplete):
        press(request)


def test_file_with_others_needs_somebody_on_the_list():
    request = make_ready(filer_type="with_others")
    ParolePage.objects.create(request=request, key="others", saved_at=request.started_at)

    with pytest.raises(filing.NotComplete):
        press(request)

    CoSupporter.objects.create(request=request, given_names="Rosa")
    assert press(request).status == "received"


def test_file_for_an_organization_needs_its_page():
    request = make_ready(filer_type="organization")

    with pytest.raises(filing.NotComplete):
        press(request)


def test_file_for_another_nationality_is_refused():
    request = make_ready(person={"nationality": "CO"})

    with pytest.raises(filing.NotComplete):
        press(request)


def test_file_takes_the_second_nationality_when_only_that_is_one_of_the_four():
    request = make_ready(person={"nationality": "CO", "other_nationality": "VE"})

    assert press(request).process == make_process("VE")


def test_file_takes_the_first_of_two_of_the_four():
    request = make_ready(person={"nationality": "CU", "other_nationality": "VE"})

    assert press(request).process == make_process("CU")


@pytest.mark.parametrize(("day", "refused"), [(-1, False), (0, True), (1, True)])
def test_file_from_the_day_the_process_is_closed_is_refused(clock, day, refused):
    today = the_clock.today_in("America/New_York")
    Process.objects.filter(country="HT").update(closed_on=today - timedelta(days=day))
    request = make_ready()

    if refused:
        with pytest.raises(filing.ProcessClosed) as refusal:
            press(request)
        assert "Haiti" in str(refusal.value)
    else:
        assert press(request).status == "received"


def test_file_asks_for_the_day_in_washington(clock):
    clock.at = clock.at.replace(year=2026, month=12, day=1, hour=3)
    Process.objects.filter(country="HT").update(closed_on=date(2026, 12, 1))

    assert press(make_ready()).status == "received"


# --- One at a time for a pair ---------------------------------------------------------------


@pytest.mark.parametrize("status", OPEN)
def test_file_while_one_for_the_pair_is_open_is_refused(status):
    first = make_ready()
    press(first)
    number = first.beneficiary.written.document_number
    other = make_ready(first.owner, person={"document_number": number, "given_names": "Ana"})
    at = make_request(first.owner, status=status, pair_key=filing.pair_key(_read(other)))
    filing.withdraw(request=first, by=first.owner)

    with pytest.raises(filing.AlreadyPending) as refusal:
        press(other)

    assert "Ana Joseph" in str(refusal.value)
    assert SupportRequest.objects.get(pk=at.pk).status == status
    assert SupportRequest.objects.get(pk=other.pk).status == "draft"


def _read(request):
    return filing.read_dossier(request)


def test_file_by_the_same_person_with_a_second_account_is_refused():
    ssn = {"ssn_digest": digest("245991234"), "ssn_last": "1234"}
    first = make_ready(supporter=ssn)
    number = first.beneficiary.written.document_number
    second = make_ready(make_user(), supporter=ssn, person={"document_number": number})
    press(first)

    with pytest.raises(filing.AlreadyPending):
        press(second)


def test_file_again_without_the_passport_number_is_refused():
    first = make_ready(person={"given_names": "Marie", "surnames": "Joséph"})
    second = make_ready(
        first.owner,
        person={
            "given_names": "Joseph",
            "surnames": "Marie",
            "document_number": "",
            "document_type": "",
        },
    )
    press(first)

    with pytest.raises(filing.AlreadyPending):
        press(second)


@pytest.mark.parametrize("status", ["not_confirmed", "withdrawn"])
def test_file_again_after_the_first_has_ended_is_allowed(status):
    request = make_ready()
    key = filing.pair_key(_read(request))
    make_request(request.owner, status=status, pair_key=key)

    assert press(request).pair_key == key


def test_file_for_two_people_is_allowed():
    first = make_ready()
    second = make_ready(first.owner)

    assert press(first).pair_key != press(second).pair_key


# --- Family of another nationality ----------------------------------------------------------


def family_of(principal, relation="spouse", **person):
    return make_ready(
        principal.owner,
        principal=principal,
        principal_relation=relation,
        person={"nationality": "CO"} | person,
    )


def test_file_as_family_takes_the_process_of_the_principal():
    principal = make_ready(country="CU")
    press(principal)

    assert press(family_of(principal)).process == make_process("CU")


@pytest.mark.parametrize("status", ["draft", "not_confirmed", "withdrawn"])
def test_file_as_family_before_the_principal_is_refused(status):
    principal = make_request(status=status)

    with pytest.raises(filing.PrincipalFirst) as refusal:
        press(family_of(principal))

    assert str(principal.beneficiary.written) in str(refusal.value)


@pytest.mark.parametrize(
    ("born", "married", "follows"),
    [
        (date(2006, 6, 2), "single", True),
        (date(2005, 6, 1), "single", False),
        (date(2006, 6, 2), "married", False),
        (date(2006, 6, 2), "partner", False),
    ],
)
def test_file_as_child_needs_to_be_under_21_and_unmarried(clock, born, married, follows):
    clock.at = clock.at.replace(year=2026, month=6, day=1, hour=16)
    principal = make_ready()
    press(principal)
    child = family_of(principal, "child", birth_date=born, marital_status=married)

    if follows:
        assert press(child).status == "received"
    else:
        with pytest.raises(filing.NotComplete):
            press(child)


# --- Presses at once --------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_file_pressed_four_times_at_once_files_once():
    request = make_ready()

    outcomes = at_once(
        lambda: press(SupportRequest.objects.get(pk=request.pk)) for _press in range(4)
    )

    assert kinds(outcomes) == ["ok"] * 4
    assert len({one.filing_number for one in outcomes}) == 1
    assert len(events(request)) == len(told(request.owner)) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_file_of_one_pair_from_two_accounts_at_once_files_one():
    ssn = {"ssn_digest": digest("245991234"), "ssn_last": "1234"}
    first = make_ready(supporter=ssn)
    number = first.beneficiary.written.document_number
    second = make_ready(supporter=ssn, person={"document_number": number})

    outcomes = at_once([lambda: press(first), lambda: press(second)])

    assert kinds(outcomes) == ["AlreadyPending", "ok"]
    assert SupportRequest.objects.open().count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_file_of_one_person_twice_from_one_account_at_once_files_one():
    first = make_ready(person={"given_names": "Marie"})
    second = make_ready(first.owner, person={"given_names": "Marie"})

    outcomes = at_once([lambda: press(first), lambda: press(second)])

    assert kinds(outcomes) == ["AlreadyPending", "ok"]
