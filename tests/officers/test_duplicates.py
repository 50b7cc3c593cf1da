"""Likely duplicates: what is found, kept and judged, and by whom."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit import conflicts, holding
from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock as the_clock
from cbpone.lib.errors import MovedOn, NotAllowed
from officers import duplicates
from officers.duplicates import finding, judging
from officers.duplicates.judging import OwnFamily
from officers.models import Likeness
from officers.queues.duplicates import QUEUE
from officers.statuses import LikenessVerdict
from scheduling.models import Registration
from tests.factories import (
    make_auditor,
    make_beneficiary,
    make_member,
    make_officer,
    make_registration,
    make_request,
    make_reviewer,
    make_supervisor,
    make_user,
)
from tests.factories.office_likenesses import family_of, make_likeness, make_person, rename
from tests.facts import events
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db
NAMED = {"given_names": "Ana Maria", "surnames": "Quispe Mamani", "birth_date": date(1990, 5, 4)}


def found() -> list[tuple]:
    return sorted(Likeness.objects.values_list("first", "second"))


def pair(*travelers) -> list[tuple]:
    return [tuple(sorted(one.pk for one in travelers))]


def sign(traveler, verb=Verb.SIGNED):
    record(verb, on=family_of(traveler), by=family_of(traveler).owner)


@pytest.fixture
def twice(db):
    """One person in two families, with another document number."""
    return make_person(), make_person()


# --- Finding ------------------------------------------------------------------------------


def test_find_puts_the_pair_on_file_with_both_cases(clock, twice):
    (row,) = duplicates.find(twice[1])

    assert found() == pair(*twice)
    assert (row.first, row.second, row.found_at) == (*twice, clock.at)
    assert (row.score, row.band) == (65, "possible")
    assert row.signals == ["name_same", "birth_same", "doc_other", "place_same"]
    for one in twice:
        assert events(family_of(one)) == [("likeness_found", "", "possible", None)]


def test_find_again_changes_nothing(twice):
    first = duplicates.find(twice[0])

    assert duplicates.find(twice[0]) == duplicates.find(twice[1]) == first
    assert Event.objects.filter(verb="likeness_found").count() == 2


def test_points_of_an_open_pair_follow_the_records(twice):
    duplicates.find(twice[0])
    rename(twice[0], document_number="")

    (row,) = duplicates.find(twice[0])

    row.refresh_from_db()
    assert (row.score, row.band) == (80, "likely")
    assert "doc_other" not in row.signals


def test_verdict_stands_whatever_changes_afterwards(twice):
    row = make_likeness(*twice, verdict="different")
    rename(twice[0], document_number="")

    assert duplicates.find(twice[0]) == [row]
    assert Likeness.objects.get() == row
    assert Likeness.objects.get().score == 85


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_find_leaves_out_who_has_not_signed_or_withdrew(twice, status):
    family = family_of(twice[1])
    facts = {"withdrawn_at": the_clock.now()} if status == "withdrawn" else {}
    if status == "draft":
        family = make_registration(people=1, signed=False)
        rename(family.people().get().traveler, **NAMED)
        Registration.objects.filter(pk=family_of(twice[1]).pk).update(
            status="withdrawn", withdrawn_at=the_clock.now()
        )
    else:
        Registration.objects.filter(pk=family.pk).update(status=status, **facts)

    assert duplicates.find(twice[0]) == []


def test_find_leaves_out_who_was_taken_out_of_the_family(twice):
    member = make_member(family_of(twice[1]), **NAMED)
    member.left_at = the_clock.now()
    member.save()
    duplicates.find(twice[0])

    assert found() == pair(*twice)


def test_find_never_pairs_within_one_family():
    family = make_registration(people=2)
    for member in family.people():
        rename(member.traveler, **NAMED, document_number="")

    assert all(duplicates.find(member.traveler) == [] for member in family.people())


def test_find_never_pairs_what_the_supporter_wrote_with_what_the_person_says():
    case = make_beneficiary(status="ata_pending")
    for one in (case.written, case.traveler):
        rename(one, **NAMED)

    assert duplicates.find(case.traveler) == duplicates.find(case.written) == []


def test_find_never_pairs_people_of_one_supporter():
    owner = make_user()
    for _ in range(2):
        request = make_request(owner, status="pending")
        last = rename(request.beneficiary.written, **NAMED, document_number="")

    assert duplicates.find(last) == []


def test_find_reaches_from_ports_to_parole(twice):
    case = make_beneficiary(status="ata_pending")
    rename(case.traveler, **NAMED, document_number=twice[0].document_number)
    Registration.objects.filter(pk=family_of(twice[1]).pk).update(
        status="withdrawn", withdrawn_at=the_clock.now()
    )

    (row,) = duplicates.find(twice[0])

    assert (row.first, row.second) == (twice[0], case.traveler)
    assert events(case) == [("likeness_found", "", "likely", None)]


def test_find_between_two_supporters():
    people = [make_request(status="pending").beneficiary.written for _ in range(2)]
    for one in people:
        rename(one, **NAMED, document_number="")

    duplicates.find(people[0])

    assert found() == pair(*people)
    case = people[0].written_for.request.reference
    assert Event.objects.filter(verb="likeness_found", case=case).count() == 1


@pytest.mark.parametrize("status", ["closed", "ata_denied", "ata_cancelled", "parole_denied"])
def test_find_leaves_out_cases_that_ended(twice, status):
    case = make_beneficiary(status=status, user=make_user())
    rename(case.traveler, **NAMED)

    duplicates.find(twice[0])

    assert found() == pair(*twice)


@pytest.mark.parametrize("status", ["draft", "not_confirmed", "withdrawn"])
def test_find_leaves_out_requests_that_are_not_open(twice, status):
    request = make_request(status=status)
    rename(request.beneficiary.written, **NAMED)

    duplicates.find(twice[0])

    assert found() == pair(*twice)


def test_find_knows_the_pair_when_the_person_has_their_say(twice):
    request = make_request(status="confirmed")
    rename(request.beneficiary.written, **NAMED, document_number="")
    Registration.objects.filter(pk=family_of(twice[1]).pk).update(
        status="withdrawn", withdrawn_at=the_clock.now()
    )
    (before,) = duplicates.find(twice[0])
    case = make_beneficiary(status="details_confirmed", request=request)
    rename(case.traveler, **NAMED, document_number="")

    assert duplicates.find(twice[0]) == duplicates.find(case.traveler) == [before]
    assert Likeness.objects.count() == 1


# --- Looking at everybody -----------------------------------------------------------------


def test_find_all_looks_at_who_signed_since_the_last_look(clock, twice):
    sign(twice[0])
    clock.forward(minutes=2)

    assert duplicates.find_all() == 1
    assert duplicates.find_all() == 0
    looks = Event.objects.filter(verb="searched")
    assert [(row.by, row.note) for row in looks] == [(None, "likely duplicates: 1 people, 1 new")]


def test_find_all_again_from_the_start_changes_nothing(clock, twice):
    sign(twice[0])
    clock.forward(minutes=2)
    duplicates.find_all()
    record(Verb.SEARCHED, on=finding._table(), after="0")

    assert duplicates.find_all() == 0
    assert Likeness.objects.count() == 1
    assert Event.objects.filter(verb="likeness_found").count() == 2


def test_find_all_leaves_events_that_may_not_be_whole_yet(clock, twice):
    sign(twice[0])

    assert duplicates.find_all() == 0
    clock.forward(seconds=61)
    assert duplicates.find_all() == 1


def test_find_all_does_not_skip_an_older_number_that_comes_later(clock, twice):
    """A young event stops the look: those after it have numbers as high."""
    sign(twice[0])
    young = Event.objects.get()
    clock.at -= timedelta(minutes=5)
    sign(make_person(birth_date=date(1950, 1, 1)))
    clock.at += timedelta(minutes=5)

    assert duplicates.find_all() == 0
    assert not Event.objects.filter(verb="searched").exists()
    clock.forward(minutes=2)
    assert duplicates.find_all() == 1
    assert int(Event.objects.get(verb="searched").after) > young.pk


@pytest.mark.parametrize("verb", [Verb.SAVED, Verb.SIGNED])
def test_find_all_looks_at_saved_pages_of_signed_families(clock, twice, verb):
    sign(twice[1], verb)
    clock.forward(minutes=2)

    assert duplicates.find_all() == 1


def test_find_all_goes_on_in_batches(clock, monkeypatch):
    monkeypatch.setattr(finding, "BATCH", 2)
    people = [make_person() for _ in range(4)]
    for one in people:
        sign(one)
    clock.forward(minutes=2)

    assert duplicates.find_all() == 6
    assert Event.objects.filter(verb="searched").count() == 2


def test_find_all_stops_in_time_and_goes_on_next_time(clock, monkeypatch, twice):
    sign(twice[0])
    clock.forward(minutes=2)
    with monkeypatch.context() as patch:
        patch.setattr(finding, "RUN_SECONDS", 0)
        assert duplicates.find_all() == 0

    assert duplicates.find_all() == 1


@pytest.mark.parametrize(
    ("status", "verb"), [("pending", Verb.FILED), ("details_confirmed", Verb.DETAILS_CONFIRMED)]
)
def test_find_all_looks_at_parole_too(clock, twice, status, verb):
    if status == "pending":
        case = make_request(status=status)
        traveler = case.beneficiary.written
    else:
        case = make_beneficiary(status=status)
        traveler = case.traveler
    rename(traveler, **NAMED, document_number=twice[0].document_number)
    record(verb, on=case)
    clock.forward(minutes=2)

    duplicates.find_all()

    assert (twice[0].pk, traveler.pk) in found()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_find_all_by_two_workers_at_once_is_one_pair(monkeypatch):
    monkeypatch.setattr(finding, "SETTLE", timedelta(0))
    people = make_person(), make_person()
    sign(people[0])

    outcomes = at_once([duplicates.find_all] * 3)

    assert kinds(outcomes) == ["ok"] * 3
    assert sum(outcomes) == Likeness.objects.count() == 1
    assert Event.objects.filter(verb="likeness_found").count() == 2


def test_look_at_many_asks_as_often_as_at_one():
    def count(people):
        with CaptureQueriesContext(connection) as asked:
            finding._compare([one.pk for one in people])
        return len(asked)

    people = [make_person() for _ in range(4)]

    assert count(people[:3]) == count(people[:1])


# --- The queue ----------------------------------------------------------------------------


def test_queue_is_likely_ones_first_then_the_oldest(clock, officer):
    later = clock.at + timedelta(hours=1)
    possible = make_likeness(score=60, found_at=clock.at - timedelta(days=9))
    second, first = make_likeness(score=99, found_at=later), make_likeness(score=80)
    make_likeness(verdict="same")

    assert list(QUEUE.waits(officer)) == [first, second, possible]
    assert QUEUE.take_next(by=officer) == first


def test_queue_leaves_out_what_stands_too_near(officer):
    make_likeness(make_person(officer))
    mine = make_beneficiary(officer, status="ata_pending")
    make_likeness(mine.traveler)
    supported = make_request(officer, status="pending")
    make_likeness(supported.beneficiary.written)
    declared, kin, stranger = make_person(), make_registration(people=2), make_likeness()
    make_likeness(declared)
    case = family_of(declared).reference
    conflicts.declare(by=officer, relation="friend", case=case)
    who, other = [member.traveler for member in kin.people()]
    make_likeness(who)
    make_likeness(other)
    conflicts.declare(by=officer, relation="family", name=who.full_name, birth_date=who.birth_date)

    assert list(QUEUE.waits(officer)) == [stranger]


def test_queue_keeps_what_the_officer_holds_so_that_they_put_it_back(officer):
    row = make_likeness(taken_by=officer)
    conflicts.declare(by=officer, relation="friend", case=family_of(row.first).reference)

    assert list(QUEUE.waits(officer)) == [row]


def test_queue_is_for_ports_and_parole_alike():
    row = make_likeness()

    for user in (make_officer(), make_supervisor(), make_reviewer()):
        assert list(QUEUE.waits(user)) == [row]
        assert QUEUE.is_for(user)
    assert not QUEUE.is_for(make_auditor())


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_take_by_four_officers_at_once_never_gives_two_the_same():
    rows = {make_likeness().pk for _ in range(3)}
    officers = [make_officer() for _ in range(4)]

    outcomes = at_once(lambda one=one: QUEUE.take_next(by=one) for one in officers)

    assert sorted(row.pk for row in outcomes if row) == sorted(rows)


# --- Verdicts -----------------------------------------------------------------------------


def judge(row, by, verdict="same", note=" One person, two phones. "):
    return duplicates.judge(row=row, verdict=verdict, note=note, by=by)


@pytest.mark.parametrize("verdict", LikenessVerdict.values)
def test_judge_is_on_record_with_both_cases_and_changes_neither(clock, officer, verdict):
    row = make_likeness(taken_by=officer)
    before = [(family_of(one).status, family_of(one).owner_id) for one in (row.first, row.second)]

    judge(row, officer, verdict)

    row.refresh_from_db()
    assert (row.verdict, row.note) == (verdict, "One person, two phones.")
    assert (row.judged_by, row.judged_at) == (officer, clock.at)
    for one, (status, _owner) in zip((row.first, row.second), before, strict=True):
        assert events(family_of(one)) == [("likeness_judged", "", verdict, officer.pk)]
        assert family_of(one).status == status
    assert "two phones" not in Event.objects.filter(verb="likeness_judged").first().note


@pytest.mark.parametrize("note", ["", "  "])
def test_judge_without_why_is_refused(officer, note):
    with pytest.raises(holding.WhyMissing):
        judge(make_likeness(taken_by=officer), officer, note=note)


def test_judge_by_who_does_not_hold_it_is_refused(officer):
    for row in (make_likeness(), make_likeness(taken_by=make_officer())):
        with pytest.raises(holding.NotHolder):
            judge(row, officer)


def test_judge_by_another_role_is_refused():
    for by in (make_auditor(), make_officer(role="Photo reviewer")):
        with pytest.raises(NotAllowed):
            judge(make_likeness(taken_by=by), by)


def test_judge_ones_own_case_is_refused(officer):
    own = make_likeness(make_person(officer), taken_by=officer)
    supported = make_request(officer, status="pending").beneficiary.written

    for row in (own, make_likeness(supported, taken_by=officer)):
        with pytest.raises(OwnFamily):
            judge(row, officer)


def test_judge_after_declaring_a_conflict_is_refused(officer):
    row = make_likeness(taken_by=officer)
    conflicts.declare(by=officer, relation="friend", case=family_of(row.second).reference)

    with pytest.raises(conflicts.InConflict):
        judge(row, officer)


def test_judge_twice_is_refused(officer):
    row = make_likeness(taken_by=officer)
    stale = Likeness.objects.get(pk=row.pk)
    judge(row, officer)

    for one in (row, stale):
        with pytest.raises(MovedOn):
            judge(one, officer, "different")

    assert Likeness.objects.get().verdict == "same"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_judge_from_four_tabs_at_once_is_one_verdict():
    officer = make_officer()
    row = make_likeness(taken_by=officer)
    tabs = [Likeness.objects.get(pk=row.pk) for _ in range(4)]

    outcomes = at_once(
        lambda tab=tab, verdict=verdict: judge(tab, officer, verdict)
        for tab, verdict in zip(tabs, ["same", "different"] * 2, strict=True)
    )

    assert kinds(outcomes) == ["MovedOn"] * 3 + ["ok"]
    assert Event.objects.filter(verb="likeness_judged").count() == 2


def test_can_judge_asks_the_same_question(officer):
    held, free = make_likeness(taken_by=officer), make_likeness()

    assert judging.can_judge(officer, held)
    assert not judging.can_judge(officer, free)
