"""What officers declare, what it keeps them from, and how it ends."""

from datetime import date

import pytest

from cbpone.audit import conflicts
from cbpone.audit.models import Conflict, Event
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.travelers.models import Traveler
from tests.factories import (
    make_auditor,
    make_officer,
    make_supervisor,
    make_traveler,
    make_user,
)
from tests.factories.office_duties import make_conflict
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db
CASE, BIRTH = "R-7K4M-92QX", date(1990, 5, 4)


def declare(by, **values) -> Conflict:
    return conflicts.declare(**{"by": by, "relation": "family", "case": CASE} | values)


def relative(by, name="Núñez, José", birth_date=BIRTH) -> Conflict:
    return declare(by, case="", name=name, birth_date=birth_date)


def test_declare_a_case_is_on_record(officer, clock):
    row = declare(officer)

    assert (row.officer, row.case, row.relation, row.declared_at) == (
        officer,
        CASE,
        "family",
        clock.at,
    )
    event = Event.objects.get()
    assert (event.verb, event.case, event.by, event.note) == (
        "conflict_declared",
        CASE,
        officer,
        "family",
    )


def test_declare_a_relative_keeps_the_name_out_of_the_log(officer):
    row = relative(officer, "Acuña Núñez José")

    assert row.plain_name == "acuna jose nunez"
    assert (row.case, row.birth_date) == ("", BIRTH)
    assert Event.objects.get().note == "family"


def test_declare_the_same_case_again_is_refused(officer):
    declare(officer)

    with pytest.raises(conflicts.DeclaredAlready):
        declare(officer, relation="friend")

    assert Conflict.objects.count() == 1


def test_declare_by_somebody_who_is_no_officer_is_refused():
    with pytest.raises(NotAllowed):
        declare(make_user())


def test_end_lets_the_officer_decide_again(officer, clock):
    row, supervisor = declare(officer), make_supervisor()

    conflicts.end(conflict=row, by=supervisor)

    assert (row.ended_at, row.ended_by) == (clock.at, supervisor)
    conflicts.check_no_conflict(officer, case=CASE)
    event = Event.objects.get(verb="conflict_ended")
    assert (event.case, event.by) == (CASE, supervisor)


def test_end_of_ones_own_is_refused():
    supervisor = make_supervisor()

    with pytest.raises(conflicts.OwnDeclaration):
        conflicts.end(conflict=declare(supervisor), by=supervisor)


@pytest.mark.parametrize("make", [make_officer, make_auditor, make_user])
def test_end_without_the_permission_is_refused(officer, make):
    with pytest.raises(NotAllowed):
        conflicts.end(conflict=declare(officer), by=make())


def test_end_of_what_has_ended_is_refused(officer):
    row = make_conflict(officer)
    seen_before = Conflict.objects.get()
    conflicts.end(conflict=row, by=make_supervisor())

    with pytest.raises(MovedOn):
        conflicts.end(conflict=seen_before, by=make_supervisor())


def test_check_of_a_declared_case_refuses_that_officer_alone(officer):
    declare(officer)

    with pytest.raises(conflicts.InConflict):
        conflicts.check_no_conflict(officer, case=CASE)
    conflicts.check_no_conflict(officer, case="R-2222-2222")
    conflicts.check_no_conflict(make_officer(), case=CASE)


PEOPLE = [
    ("José", "Núñez", BIRTH, True),
    ("JOSE", "NUNEZ", BIRTH, True),
    ("José María", "Acuña Núñez", BIRTH, True),
    ("José", "Núñez", date(1990, 5, 5), False),
    ("José", "Lopez", BIRTH, False),
    ("José", "Núñez", None, False),
]


@pytest.mark.parametrize(("given", "last", "birth", "is_near"), PEOPLE)
def test_relative_is_known_by_every_word_and_the_birth_date(officer, given, last, birth, is_near):
    relative(officer, "nunez josé")
    person = make_traveler(given_names=given, surnames=last, birth_date=birth)

    found = Traveler.objects.filter(conflicts.relatives_of(officer))

    assert found.exists() == is_near
    if is_near:
        with pytest.raises(conflicts.InConflict):
            conflicts.check_no_conflict(officer, case=CASE, travelers=[None, person])
    else:
        conflicts.check_no_conflict(officer, case=CASE, travelers=[None, person])


def test_relatives_of_nobody_are_nobody(officer):
    make_traveler()
    declare(officer)

    assert not Traveler.objects.filter(conflicts.relatives_of(officer)).exists()
    assert list(conflicts.cases_of(officer)) == [{"case": CASE}]


def test_ended_declarations_keep_nobody_away(officer):
    make_conflict(officer, case=CASE, ended_by=make_supervisor())
    make_conflict(officer, name="Ana", birth_date=BIRTH, ended_by=make_supervisor())
    person = make_traveler(given_names="Ana", birth_date=BIRTH)

    conflicts.check_no_conflict(officer, case=CASE, travelers=[person])

    assert not conflicts.cases_of(officer).exists()
    assert not Traveler.objects.filter(conflicts.relatives_of(officer)).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_declared_at_once_stands_once():
    officer = make_officer()

    outcomes = at_once([lambda: declare(officer)] * 3)

    assert kinds(outcomes) == ["DeclaredAlready", "DeclaredAlready", "ok"]
    assert Event.objects.count() == 1
