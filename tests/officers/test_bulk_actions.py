"""Each bulk action: what is foreseen of a row is what becomes of it."""

import pytest

from cbpone.audit import access, conflicts
from cbpone.audit.models import Event
from cbpone.notifications.models import Delivery
from officers.bulk import ACTIONS, actions_for, running
from parole.models import Beneficiary, SupportRequest
from scheduling.models import Appointment
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_parole_supervisor,
    make_port,
    make_registration,
    make_request,
    make_reviewer,
    make_slot,
    make_supervisor,
    make_travel_officer,
)
from tests.facts import told as messages_to
from tests.notifications.test_constraints import message
from tests.officers.bulking import foreseen, start, told
from tests.parole.reviewing import decide
from tests.parole.waiting import make_taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db):
    return make_parole_supervisor()


def outcome(key, row, by, **values) -> tuple[bool, str]:
    """What the run made of one row, and that it was foreseen."""
    will, said = foreseen(key, row, by, **values)
    run = start(key, [row], by, **values)
    running.carry_out(run.pk)
    [(state, sentence)] = told(run)
    assert (state == "done") == will
    assert will or said == sentence
    return will, sentence


ROLES = {
    make_parole_supervisor: {
        "put_back_reviews", "reassign_reviews", "put_back_travel", "reassign_travel",
        "put_back_photos", "resend_failed",
    },
    make_supervisor: {"put_back_photos", "move_families", "resend_failed"},
    make_reviewer: set(),
    make_travel_officer: set(),
    make_officer: set(),
    make_auditor: set(),
}  # fmt: skip


@pytest.mark.parametrize("make", ROLES)
def test_actions_of_each_role(make):
    assert {action.key for action in actions_for(make())} == ROLES[make]


def test_put_back_reviews_of_an_officer_who_is_away(boss):
    case = make_request(status="selected", taken_by=make_reviewer())

    assert outcome("put_back_reviews", case, boss) == (True, "")

    assert SupportRequest.objects.get().taken_by is None


@pytest.mark.parametrize("situation", ["free", "decided", "proposed"])
def test_put_back_reviews_that_cannot_be_is_refused(boss, situation):
    reviewer = make_reviewer()
    holder = None if situation == "free" else reviewer
    status = "confirmed" if situation == "decided" else "selected"
    case = make_request(status=status, taken_by=holder)
    if situation == "proposed":
        decide(case, "not_confirm", reviewer)

    done, sentence = outcome("put_back_reviews", case, boss)

    assert not done
    assert sentence
    assert SupportRequest.objects.get().taken_by == holder


def test_reassign_reviews_gives_them_to_the_officer(boss):
    case, to = make_request(status="selected", taken_by=make_reviewer()), make_reviewer()

    assert outcome("reassign_reviews", case, boss, to=str(to.reference)) == (True, "")

    assert SupportRequest.objects.get().taken_by == to
    event = Event.objects.get(verb="reassigned")
    assert (event.by, event.note) == (boss, f"{to}: They are ill")


@pytest.mark.parametrize("situation", ["has it", "away", "near", "own", "another kind"])
def test_reassign_reviews_to_who_cannot_take_it_is_refused(boss, situation):
    holder = make_reviewer()
    to = make_travel_officer() if situation == "another kind" else make_reviewer()
    owner = to if situation == "own" else None
    case = make_request(owner, status="selected", taken_by=holder)
    if situation == "has it":
        to = holder
    elif situation == "away":
        change(to, is_active=False)
    elif situation == "near":
        conflicts.declare(by=to, relation="friend", case=case.reference)

    done, sentence = outcome("reassign_reviews", case, boss, to=str(to.reference))

    assert not done
    assert ("has it already" in sentence) == (situation == "has it")
    assert SupportRequest.objects.get().taken_by == holder


def test_put_back_and_reassign_travel_cases(boss):
    first, second = make_travel_officer(), make_travel_officer()
    case = make_taken(first)

    assert outcome("reassign_travel", case, boss, to=str(second.reference)) == (True, "")
    assert Beneficiary.objects.get().taken_by == second

    assert outcome("put_back_travel", case, boss) == (True, "")
    assert Beneficiary.objects.get().taken_by is None
    assert not outcome("put_back_travel", case, boss)[0]


def test_put_back_photos(boss):
    family = make_registration(people=1, photos=True)
    photo = family.people()[0].traveler.photos.get()
    change(photo, taken_by=make_officer(), taken_at=photo.added_at)

    assert outcome("put_back_photos", photo, boss) == (True, "")

    photo.refresh_from_db()
    assert photo.taken_by is None
    done, sentence = outcome("put_back_photos", photo, boss)
    assert (done, sentence) == (False, "Nobody has it. It waits for the next officer already.")


def test_photo_is_named_without_the_person(boss):
    family = make_registration(people=1, photos=True)
    traveler = family.people()[0].traveler

    label = ACTIONS["put_back_photos"].label(traveler.photos.get())

    assert traveler.surnames not in label


@pytest.fixture
def slots(port):
    """A closed time, then one with too few places, then one with enough."""
    closed = make_slot(port, days_ahead=3)
    change(closed, is_open=False)
    return [closed, make_slot(port, days_ahead=4, capacity=2), make_slot(port, days_ahead=5)]


def test_move_families_to_the_next_time_with_room_for_all(supervisor, slots):
    family = make_appointment(slot=slots[0])

    will, where = foreseen("move_families", family, supervisor)
    assert outcome("move_families", family, supervisor)[0] is will is True

    family.refresh_from_db()
    moved = Appointment.objects.get(replaces=family)
    assert (family.status, moved.slot, moved.places) == ("changed", slots[2], 3)
    assert where == f"{slots[2].local_start:%Y-%m-%d %H:%M}, San Diego time"
    assert messages_to(family.registration.owner) == [("changed", ["email"])]
    assert Event.objects.get(verb="changed").by == supervisor


@pytest.mark.parametrize("situation", ["cancelled", "not signed", "no room", "another port"])
def test_move_families_that_cannot_be_is_refused(supervisor, slots, situation):
    status = "cancelled" if situation == "cancelled" else "booked"
    slot = make_slot(make_port("laredo")) if situation == "another port" else slots[0]
    family = make_appointment(slot=slot, status=status)
    if situation == "not signed":
        change(family.registration, status="changing", signed_at=None)
    if situation == "no room":
        change(slots[2], is_open=False)
    if situation == "another port":
        access.open_case(case=family.case, reason="They called", by=supervisor)

    done, sentence = outcome("move_families", family, supervisor)

    assert not done
    assert sentence
    assert Appointment.objects.count() == 1


def test_move_families_offers_those_at_closed_times(supervisor, slots):
    family = make_appointment(slot=slots[0])
    make_appointment(slot=slots[2])
    elsewhere = make_slot(make_port("laredo"))
    make_appointment(slot=elsewhere)
    change(elsewhere, is_open=False)

    assert list(ACTIONS["move_families"].offered(supervisor)) == [family]


def test_send_failed_messages_again(supervisor):
    delivery = message().deliveries.get()
    change(delivery, status="failed")

    assert outcome("resend_failed", delivery, supervisor) == (True, "")
    assert Delivery.objects.get().status == "waiting"

    done, sentence = outcome("resend_failed", delivery, supervisor)
    assert not done
    assert sentence


def test_message_is_named_without_the_person():
    sent = message()

    label = ACTIONS["resend_failed"].label(sent.deliveries.get())

    assert sent.user.email not in label
    assert label.startswith("News about your registration, E-mail, ")


def test_appointments_are_not_cancelled_in_bulk():
    assert not [key for key in ACTIONS if "cancel" in key]
