"""What the database refuses of events, looks outside the scope and conflicts of interest."""

from datetime import date, timedelta

import pytest

from cbpone.audit.models import Access, Conflict, Event
from cbpone.lib import clock
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses, is_refused
from tests.factories import make_officer, make_supervisor
from tests.factories.office_duties import make_access, make_conflict

pytestmark = pytest.mark.django_db


def event(**values) -> Event:
    return Event.objects.create(**{"model": "x", "row_id": "1"} | values)


def judged(**values) -> dict:
    done = {"verdict": "needed", "judged_by": make_supervisor(), "judged_at": clock.now()}
    return done | values


def own_judge() -> Access:
    officer = make_supervisor()
    return make_access(officer, **judged(judged_by=officer))


def own_end() -> Conflict:
    officer = make_supervisor()
    return make_conflict(officer, ended_by=officer)


def declared_twice() -> None:
    first = make_conflict(case="R-7K4M-92QX")
    make_conflict(first.officer, case=first.case)


def relative(**values) -> Conflict:
    return make_conflict(name="Marie Joseph", **values)


NAMES = "conflict_names_case_or_person"
WHO_AND_WHEN = "access_judged_has_who_and_when"
BREAKS = [
    ("event_verb_known", lambda: event(verb="hacked")),
    ("access_has_reason", lambda: make_access(reason="")),
    ("access_ends_after_it_begins", lambda: make_access(until=clock.now() - timedelta(hours=1))),
    ("access_verdict_known", lambda: make_access(**judged(verdict="fine"))),
    (WHO_AND_WHEN, lambda: make_access(**judged(judged_by=None))),
    (WHO_AND_WHEN, lambda: make_access(**judged(judged_at=None))),
    (WHO_AND_WHEN, lambda: make_access(**judged(verdict=""))),
    ("access_judged_by_another", own_judge),
    ("conflict_once_a_case", declared_twice),
    (NAMES, lambda: make_conflict(name="", plain_name="marie")),
    (NAMES, lambda: make_conflict(birth_date=date(1994, 3, 21))),
    (NAMES, lambda: relative(case="R-7K4M-92QX")),
    (NAMES, lambda: relative(birth_date=None)),
    (NAMES, lambda: relative(plain_name="")),
    ("conflict_relation_known", lambda: make_conflict(relation="neighbour")),
    ("conflict_ended_has_who_and_when", lambda: make_conflict(ended_by=None, ended_at=clock.now())),
    ("conflict_ended_has_who_and_when", lambda: make_conflict(ended_by=own(), ended_at=None)),
    ("conflict_ended_by_another", own_end),
]


def own():
    return make_supervisor()


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)


def later() -> dict:
    return {"until": clock.now() + timedelta(days=30)}


ASKED, JUDGED = "audit_access.officer_id_set_once", "audit_access.verdict_final"
NAMED, ENDED = "audit_conflict.officer_id_set_once", "audit_conflict.ended_final"
TRIPS = [
    (ASKED, lambda: change(make_access(), **later())),
    (ASKED, lambda: change(make_access(), case="R-2222-2222")),
    (ASKED, lambda: change(make_access(), reason="Another one")),
    (ASKED, lambda: change(make_access(), officer=make_officer())),
    (ASKED, lambda: change(make_access(), opened_at=clock.now())),
    (JUDGED, lambda: change(make_access(judged_by=make_supervisor()), verdict="not_needed")),
    (JUDGED, lambda: change(make_access(judged_by=make_supervisor()), note="Written later")),
    (NAMED, lambda: change(make_conflict(), case="R-2222-2222")),
    (NAMED, lambda: change(make_conflict(), relation="friend")),
    (NAMED, lambda: change(make_conflict(), officer=make_officer())),
    (NAMED, lambda: change(relative(), name="Marie", plain_name="marie")),
    (NAMED, lambda: change(relative(), birth_date=date(1980, 1, 1))),
    (ENDED, lambda: change(make_conflict(ended_by=own()), ended_at=None, ended_by=None)),
    (ENDED, lambda: change(make_conflict(ended_by=own()), ended_by=make_supervisor())),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_what_was_said_is_refused_a_change(trigger, attempt):
    check_trips(trigger, attempt)


def test_verdict_and_end_are_set_once():
    look, declared = make_access(), make_conflict()

    assert not is_refused(lambda: change(look, **judged(note="Right.")))
    assert not is_refused(lambda: change(declared, ended_by=own(), ended_at=clock.now()))


def test_conflict_that_was_ended_can_be_declared_again():
    first = make_conflict(ended_by=own())

    assert make_conflict(first.officer, case=first.case).pk != first.pk
