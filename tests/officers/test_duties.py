"""Looks outside the scope: what they open, to whom, for how long, and what they never allow."""

from datetime import date

import pytest
from django.conf import settings

from cbpone.audit.access import ReasonMissing
from cbpone.audit.conflicts import InConflict
from cbpone.audit.models import Access, Conflict
from cbpone.lib.errors import NotAllowed
from cbpone.photos.seeing import photos_visible_to
from officers import duties
from parole import review, reviewers, travel, travel_officers
from parole.models import Beneficiary, SupportRequest
from scheduling import attendance
from scheduling.models import Appointment, Registration
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_appointment,
    make_auditor,
    make_beneficiary,
    make_officer,
    make_parole_supervisor,
    make_port,
    make_registration,
    make_request,
    make_reviewer,
    make_slot,
    make_supervisor,
    make_travel_officer,
    make_user,
)
from tests.factories.office_duties import make_access, make_conflict

pytestmark = pytest.mark.django_db
REASON = "The family stands at our port."


def at_laredo() -> Appointment:
    return make_appointment(slot=make_slot(make_port("laredo"), days_ahead=0))


def port_officer():
    return make_officer(make_port("nogales"))


# (model, who looks, a case outside their scope)
OUTSIDE = {
    "registration": (Registration, port_officer, lambda: at_laredo().registration),
    "request": (SupportRequest, make_reviewer, lambda: make_request(status="confirmed")),
    "case": (Beneficiary, make_travel_officer, lambda: make_beneficiary(status="attested")),
}


@pytest.mark.parametrize(("model", "make", "outside"), OUTSIDE.values(), ids=OUTSIDE)
def test_look_opens_that_case_to_that_officer_for_some_hours(model, make, outside, clock):
    officer, other, case = make(), make(), outside()
    outside()

    before = list(model.objects.visible_to(officer))
    duties.look(case=case, reason=REASON, by=officer)
    during = list(model.objects.visible_to(officer))
    clock.forward(hours=settings.ACCESS_HOURS)

    assert (before, during) == ([], [case])
    assert not model.objects.visible_to(officer).exists()
    assert not model.objects.visible_to(other).exists()


def test_look_at_a_registration_opens_its_appointments_until_it_is_over(clock):
    officer, row = port_officer(), at_laredo()
    at_laredo()

    duties.look(case=row.registration, reason=REASON, by=officer)

    assert list(Appointment.objects.visible_to(officer)) == [row]
    clock.forward(hours=settings.ACCESS_HOURS)
    assert not Appointment.objects.visible_to(officer).exists()


def test_look_opens_nothing_that_is_not_filed_or_not_sent():
    reviewer, officer = make_reviewer(), make_travel_officer()
    draft, written = make_request(), make_beneficiary(status="written")

    make_access(reviewer, draft.reference)
    make_access(officer, written.reference)

    assert duties.find_case(draft.reference, reviewer) is None
    assert duties.find_case(written.reference, officer) is None
    assert not SupportRequest.objects.visible_to(reviewer).exists()
    assert not Beneficiary.objects.visible_to(officer).exists()


def test_look_at_a_family_lets_nobody_act():
    officer, row = port_officer(), at_laredo()
    duties.look(case=row.registration, reason=REASON, by=officer)
    person = row.attendances.first()

    with pytest.raises(NotAllowed):
        attendance.check_in(appointment=row, by=officer)
    change(row, status="checked_in", checked_in_at=row.booked_at)
    for act in (
        lambda: attendance.arrive(row=person, by=officer),
        lambda: attendance.dispose(row=person, disposition="paroled", by=officer),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("status", ["pending", "confirmed", "not_confirmed", "withdrawn"])
def test_look_at_a_request_lets_nobody_review(status):
    officer, row = make_reviewer(), make_request(status=status)
    duties.look(case=row, reason=REASON, by=officer)

    assert review.take_next(by=officer) is None
    assert not reviewers.can_judge(officer, row)
    assert not reviewers.can_propose(officer, row)
    assert not reviewers.can_put_back(officer, row)
    assert not reviewers.can_resume(officer, row)


@pytest.mark.parametrize("status", ["invited", "attested", "photo_submitted", "closed"])
def test_look_at_a_case_lets_nobody_decide(status):
    officer, row = make_travel_officer(), make_beneficiary(status=status)
    duties.look(case=row, reason=REASON, by=officer)

    assert travel.take_next(by=officer) is None
    assert not travel_officers.can_decide(officer, row)
    assert not travel_officers.can_put_back(officer, row)


def test_look_at_a_family_without_appointment_shows_its_photos(clock):
    officer, row = port_officer(), make_registration(people=2, photos=True)
    make_registration(photos=True)
    duties.look(case=row, reason=REASON, by=officer)

    seen = {photo.traveler for photo in photos_visible_to(officer)}

    assert seen == {member.traveler for member in row.people()}
    clock.forward(hours=settings.ACCESS_HOURS)
    assert not photos_visible_to(officer).exists()


def test_look_at_a_case_shows_its_photo_while_it_lasts(clock):
    officer, row = make_travel_officer(), make_beneficiary(status="attested")
    duties.look(case=row, reason=REASON, by=officer)

    assert photos_visible_to(officer).count() == 1
    clock.forward(hours=settings.ACCESS_HOURS)
    assert not photos_visible_to(officer).exists()


def test_look_without_a_reason_is_refused():
    with pytest.raises(ReasonMissing):
        duties.look(case=at_laredo().registration, reason=" ", by=port_officer())


OTHER_WORK = [
    ("registration", make_reviewer),
    ("registration", make_travel_officer),
    ("request", port_officer),
    ("request", make_travel_officer),
    ("case", port_officer),
    ("case", make_reviewer),
    ("case", make_airport_officer),  # sees cases, may not look outside
    *((kind, make) for kind in OUTSIDE for make in (make_auditor, make_user)),
]


@pytest.mark.parametrize(("kind", "make"), OTHER_WORK)
def test_look_at_other_work_than_ones_own_is_refused(kind, make):
    case, officer = OUTSIDE[kind][2](), make()

    with pytest.raises(NotAllowed):
        duties.look(case=case, reason=REASON, by=officer)

    assert not Access.objects.exists()
    if make != make_airport_officer:
        assert duties.find_case(case.reference, officer) is None


def test_look_without_a_post_is_refused_as_no_supervisor_would_see_it():
    with pytest.raises(duties.NotPosted):
        duties.look(case=at_laredo().registration, reason=REASON, by=make_officer())


PARTS = [
    (port_officer, lambda officer: make_registration(owner=officer)),
    (make_reviewer, lambda officer: make_request(officer, status="confirmed")),
    (make_reviewer, lambda officer: make_beneficiary(officer, status="attested").request),
    (make_travel_officer, lambda officer: make_beneficiary(officer, status="attested")),
    (
        make_travel_officer,
        lambda officer: make_beneficiary(request=make_request(officer, status="confirmed")),
    ),
    (
        make_travel_officer,
        lambda officer: make_beneficiary(
            guardian=make_beneficiary(officer, status="attested"), guardian_relation="parent"
        ),
    ),
]


@pytest.mark.parametrize(("make", "own"), PARTS)
def test_look_at_a_case_one_has_a_part_in_is_refused(make, own):
    officer = make()

    with pytest.raises(duties.OwnPart):
        duties.look(case=own(officer), reason=REASON, by=officer)


@pytest.mark.parametrize(("model", "make", "outside"), OUTSIDE.values(), ids=OUTSIDE)
def test_look_at_a_declared_case_is_refused(model, make, outside):
    officer, case = make(), outside()
    make_conflict(officer, case=case.reference)

    with pytest.raises(InConflict):
        duties.look(case=case, reason=REASON, by=officer)


def test_look_at_the_request_of_a_declared_case_is_refused():
    reviewer, case = make_reviewer(), make_beneficiary(status="attested")
    make_conflict(reviewer, case=case.reference)

    with pytest.raises(InConflict):
        duties.look(case=case.request, reason=REASON, by=reviewer)


def near(officer, row) -> None:
    make_conflict(
        officer,
        name=f"{row.given_names} {row.surnames}",
        plain_name=f"{row.given_names} {row.surnames}".lower(),
        birth_date=row.birth_date,
    )


RELATIVES = {
    "traveler": ("registration", lambda case: case.people().last().traveler),
    "supporter": ("request", lambda case: case.supporter),
    "written": ("request", lambda case: case.beneficiary.written),
    "supporter of a case": ("case", lambda case: case.request.supporter),
    "person": ("case", lambda case: case.traveler),
}


@pytest.mark.parametrize(("kind", "who"), RELATIVES.values(), ids=RELATIVES)
def test_look_at_the_case_of_a_relative_is_refused(kind, who):
    _model, make, outside = OUTSIDE[kind]
    officer, case = make(), outside()
    near(officer, who(case))

    with pytest.raises(InConflict):
        duties.look(case=case, reason=REASON, by=officer)


def declared(officer) -> set[str]:
    return set(Conflict.objects.of(officer).exclude(case="").values_list("case", flat=True))


def test_declare_one_of_request_and_case_declares_both():
    officer, case = make_parole_supervisor(), make_beneficiary(status="attested")

    duties.declare(by=officer, relation="friend", case=case.request.reference)

    assert declared(officer) == {case.reference, case.request.reference}
    with pytest.raises(duties.conflicts.DeclaredAlready):
        duties.declare(by=officer, relation="friend", case=case.reference)


@pytest.mark.parametrize(("model", "make", "outside"), OUTSIDE.values(), ids=OUTSIDE)
def test_declare_a_case_ends_the_look_at_it(model, make, outside):
    officer, case = make(), outside()
    duties.look(case=case, reason=REASON, by=officer)

    duties.declare(by=officer, relation="friend", case=case.reference)

    assert not model.objects.visible_to(officer).exists()


@pytest.mark.parametrize(("kind", "who"), RELATIVES.values(), ids=RELATIVES)
def test_declare_a_relative_ends_looks_at_their_cases(kind, who):
    model, make, outside = OUTSIDE[kind]
    officer, case, other = make(), outside(), outside()
    for one in (case, other):
        duties.look(case=one, reason=REASON, by=officer)
    person = who(case)

    duties.declare(
        by=officer,
        relation="family",
        name=f"{person.surnames} {person.given_names}",
        birth_date=person.birth_date,
    )

    assert list(model.objects.visible_to(officer)) == [other]
    assert declared(officer) == set(duties.numbers_of(case))


def test_declare_a_relative_with_no_look_open_is_one_row(officer):
    duties.declare(by=officer, relation="family", name="Ana", birth_date=date(1990, 5, 4))

    assert Conflict.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("R-7K4M-92QX", None),  # a slip: the last sign is a check
        ("", None),
        ("7K4M92QX", None),
        ("A-2222-2222", None),
        ("R", None),
    ],
)
def test_read_case_number_takes_whole_numbers_of_cases_alone(typed, read):
    assert duties.read_case_number(typed) == read


def test_read_case_number_however_it_is_typed():
    number = make_registration(complete=False).reference

    assert duties.read_case_number(f" {number.lower().replace('-', ' ')} ") == number


def test_accesses_are_seen_by_supervisors_of_the_officers_port():
    nogales, officer = make_port("nogales"), port_officer()
    row = make_access(officer)
    own = make_access(make_supervisor(nogales))

    assert set(duties.accesses_seen_by(make_supervisor(nogales))) == {row, own}
    assert set(duties.accesses_seen_by(make_auditor())) == {row, own}
    for user in (make_supervisor(make_port("laredo")), officer, make_parole_supervisor()):
        assert not duties.accesses_seen_by(user).exists()


def test_accesses_to_requests_and_cases_are_seen_by_parole_supervisors():
    rows = {make_access(make_reviewer(), "S-2222-2222"), make_access(make_reviewer(), "B-2222-222")}
    make_access(port_officer())

    assert set(duties.accesses_seen_by(make_parole_supervisor())) == rows


def test_accesses_to_judge_are_those_of_others_without_a_verdict():
    nogales = make_port("nogales")
    supervisor, other = make_supervisor(nogales), make_supervisor(nogales)
    for _time in range(2):
        make_access(port_officer())
    make_access(port_officer(), judged_by=other)
    make_access(supervisor)

    assert duties.accesses_to_judge(supervisor) == 2
    assert duties.accesses_to_judge(other) == 3
    assert duties.accesses_to_judge(make_auditor()) == 0
    assert duties.accesses_to_judge(port_officer()) == 0


def test_conflicts_are_seen_by_the_supervisors_who_look_after_the_officer():
    nogales = make_port("nogales")
    at_port, reviewer = make_conflict(port_officer()), make_conflict(make_reviewer())
    auditor = make_auditor()
    of_auditor = make_conflict(auditor)

    def seen(user):
        return set(duties.conflicts_seen_by(user))

    assert seen(make_supervisor(nogales)) == {at_port, of_auditor}
    assert seen(make_supervisor(make_port("laredo"))) == {of_auditor}
    assert seen(make_parole_supervisor()) == {reviewer, of_auditor}
    assert seen(auditor) == {at_port, reviewer}
    assert seen(at_port.officer) == set()
