"""Asking for a look outside the scope, and judging it."""

from datetime import timedelta

import pytest
from django.conf import settings

from cbpone.audit import access
from cbpone.audit.conflicts import InConflict
from cbpone.audit.models import Access, Event
from cbpone.lib.errors import MovedOn, NotAllowed
from tests.factories import make_auditor, make_officer, make_supervisor, make_traveler, make_user
from tests.factories.office_duties import make_access, make_conflict
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db
CASE, REASON = "R-7K4M-92QX", "The family stands at our port."


def open_case(officer, **values) -> Access:
    return access.open_case(**{"case": CASE, "reason": REASON, "by": officer} | values)


def test_open_case_stands_for_some_hours_and_is_on_record(officer, clock):
    row = open_case(officer, reason=f"  {REASON} ")

    assert (row.officer, row.case, row.reason) == (officer, CASE, REASON)
    assert (row.opened_at, row.until) == (
        clock.at,
        clock.at + timedelta(hours=settings.ACCESS_HOURS),
    )
    event = Event.objects.get()
    assert (event.verb, event.case, event.by, event.note) == (
        "access_opened",
        CASE,
        officer,
        REASON,
    )


def test_open_case_again_gives_the_same_until_it_is_over(officer, clock):
    first = open_case(officer)

    assert open_case(officer, reason="Once more") == first
    clock.forward(hours=settings.ACCESS_HOURS)
    assert open_case(officer, reason="Once more") != first
    assert Event.objects.filter(verb="access_opened").count() == 2


def test_open_case_of_others_is_no_look_of_ones_own(officer):
    open_case(make_officer())

    open_case(officer)

    assert Access.objects.count() == 2


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_open_case_without_a_reason_is_refused(officer, reason):
    with pytest.raises(access.ReasonMissing):
        open_case(officer, reason=reason)

    assert not Access.objects.exists()


@pytest.mark.parametrize("make", [make_auditor, make_user])
def test_open_case_without_the_permission_is_refused(make):
    with pytest.raises(NotAllowed):
        open_case(make())


def test_open_case_in_conflict_is_refused(officer):
    make_conflict(officer, case=CASE)

    with pytest.raises(InConflict):
        open_case(officer)

    assert not Access.objects.exists()


def test_open_case_of_a_relative_is_refused(officer):
    person = make_traveler(given_names="Ana", surnames="Lopez")
    make_conflict(officer, name="lopez ana", birth_date=person.birth_date)

    with pytest.raises(InConflict):
        open_case(officer, travelers=[person])


def test_open_for_leaves_out_what_is_over_of_others_or_in_conflict(officer, clock):
    seen, in_conflict = make_access(officer), make_access(officer)
    make_access(officer, opened_at=clock.at - timedelta(days=1), until=clock.at)
    make_access()
    make_conflict(officer, case=in_conflict.case)

    assert list(Access.objects.open_for(officer)) == [seen]


def test_open_for_counts_again_once_the_conflict_has_ended(officer):
    row = make_access(officer)
    make_conflict(officer, case=row.case, ended_by=make_supervisor())

    assert list(Access.objects.open_for(officer)) == [row]


def test_judge_says_once_what_it_was(clock):
    row, supervisor = make_access(), make_supervisor()

    access.judge(access=row, verdict="not_needed", note=" Curious. ", by=supervisor)

    row.refresh_from_db()
    assert (row.verdict, row.note, row.judged_by, row.judged_at) == (
        "not_needed",
        "Curious.",
        supervisor,
        clock.at,
    )
    event = Event.objects.get(verb="access_judged")
    assert (event.case, event.by, event.after, event.note) == (
        row.case,
        supervisor,
        "not_needed",
        "Curious.",
    )


def test_judge_that_it_was_needed_takes_no_note():
    row = access.judge(access=make_access(), verdict="needed", note="", by=make_supervisor())

    assert row.is_needed


def test_judge_that_it_was_not_needed_takes_a_note():
    row = make_access()

    with pytest.raises(access.NoteMissing):
        access.judge(access=row, verdict="not_needed", note=" ", by=make_supervisor())

    row.refresh_from_db()
    assert row.verdict == ""


@pytest.mark.parametrize("make", [make_officer, make_auditor, make_user])
def test_judge_without_the_permission_is_refused(make):
    with pytest.raises(NotAllowed):
        access.judge(access=make_access(), verdict="needed", note="", by=make())


def test_judge_of_ones_own_look_is_refused():
    supervisor = make_supervisor()

    with pytest.raises(access.OwnLook):
        access.judge(access=make_access(supervisor), verdict="needed", note="", by=supervisor)


def test_judge_of_what_another_judged_meanwhile_is_refused():
    row = make_access()
    seen_before = Access.objects.get()
    access.judge(access=row, verdict="needed", note="", by=make_supervisor())

    with pytest.raises(MovedOn):
        access.judge(access=seen_before, verdict="not_needed", note="No", by=make_supervisor())

    assert Event.objects.filter(verb="access_judged").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_open_case_pressed_at_once_is_one_look():
    officer = make_officer()

    looks = at_once([lambda: open_case(officer)] * 4)

    assert set(looks) == {Access.objects.get()}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_judged_at_once_has_one_verdict():
    row, judges = make_access(), [make_supervisor(), make_supervisor()]

    def judge(by):
        return lambda: access.judge(
            access=Access.objects.get(pk=row.pk), verdict="needed", note="", by=by
        )

    assert kinds(at_once([judge(by) for by in judges])) == ["MovedOn", "ok"]
