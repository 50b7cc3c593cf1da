"""Answers to urgent requests: who may give them, what follows, and two who press at once."""

import pytest

from cbpone.accounts.models import User
from cbpone.audit import conflicts, holding
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.notifications.models import Message
from cbpone.notifications.outbox import words
from officers import urgent
from officers.queues.urgent import QUEUE
from scheduling import booking
from scheduling.models import UrgentRequest
from scheduling.statuses import Refusal
from scheduling.urgent import withdraw
from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
)
from tests.factories.office_urgent import make_urgent
from tests.facts import events, taken, told, waiting_returns
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db
LETTER = "Hello Ana,\n\nNot this time."


@pytest.fixture
def held(officer):
    return make_urgent(taken_by=officer)


@pytest.fixture
def reserve(port):
    return make_slot(port, reserve=5)


def refuse(row, by, letter=LETTER):
    return urgent.refuse(request=row, refusal="not_urgent", letter=letter, by=by)


def fresh(row):
    return UrgentRequest.objects.select_related("registration__owner", "port").get(pk=row.pk)


# --- The queue ----------------------------------------------------------------------------


def test_queue_is_the_oldest_first_at_the_officers_ports(clock, officer):
    second = make_urgent()
    first = make_urgent(asked_at=clock.at.replace(year=2025))
    make_urgent(port=make_port("laredo"))
    for status in ("granted", "refused", "withdrawn"):
        make_urgent(status=status)

    assert list(QUEUE.waits(officer)) == [first, second]
    assert QUEUE.take_next(by=officer) == first
    assert QUEUE.numbers(officer) | {"oldest": 0} == {
        "waiting": 2, "free": 1, "own": 1, "late": 1, "oldest": 0,
    }  # fmt: skip


def test_queue_leaves_out_a_family_that_withdrew_everything(clock, officer):
    row = make_urgent()
    family = row.registration
    family.status, family.withdrawn_at = "withdrawn", clock.at
    family.save()

    assert not QUEUE.waits(officer).exists()


def test_queue_leaves_out_what_stands_too_near(officer):
    make_urgent(make_registration(officer))
    declared, kin, stranger = make_urgent(), make_urgent(), make_urgent()
    who = kin.registration.people().last().traveler
    conflicts.declare(by=officer, relation="friend", case=declared.registration.reference)
    conflicts.declare(by=officer, relation="family", name=who.full_name, birth_date=who.birth_date)

    assert list(QUEUE.waits(officer)) == [stranger]


def test_queue_keeps_what_the_officer_holds_so_that_they_put_it_back(officer, held):
    conflicts.declare(by=officer, relation="friend", case=held.registration.reference)

    assert list(QUEUE.waits(officer)) == [held]
    assert holding.put_back(held, reason="Too near", by=officer).taken_by is None
    assert not QUEUE.waits(officer).exists()


def test_supervisor_gives_it_to_an_officer_of_the_port_only(port, supervisor, officer):
    row = make_urgent()

    with pytest.raises(holding.CannotTake):
        QUEUE.reassign(row, to=make_officer(make_port("laredo")), reason="x", by=supervisor)

    assert QUEUE.reassign(row, to=officer, reason="Your turn", by=supervisor).taken_by == officer


# --- A place ------------------------------------------------------------------------------


def test_grant_books_from_the_reserve_and_tells_the_family(clock, officer, held, reserve):
    urgent.grant(request=held, slot=reserve, by=officer)

    held.refresh_from_db()
    booked, family = held.appointment, held.registration
    assert (held.status, held.decided_by, held.decided_at) == ("granted", officer, clock.at)
    assert (booked.slot, booked.pool, booked.places) == (reserve, "reserve", 3)
    kind = "An illness or injury that cannot wait"
    assert booked.reason == f"{kind}: {held.said}"
    assert taken(reserve) == (0, 3)
    assert told(family.owner) == [("booked", ["email"])]
    assert events(family) == [
        ("booked_reserve", "", "booked", officer.pk),
        ("urgent_granted", "waiting", "granted", officer.pk),
    ]


def test_grant_shortens_a_long_reason(officer, reserve):
    row = make_urgent(taken_by=officer, said="é" * 1000)

    urgent.grant(request=row, slot=reserve, by=officer)

    assert len(row.appointment.reason) == 300


def test_grant_leaves_another_appointment_alone_unless_it_was_ticked(officer, held, reserve):
    other = make_appointment(held.registration, make_slot(make_port("laredo")))

    for moves in ("", "A-2222-2222"):
        with pytest.raises(booking.HasOther):
            urgent.grant(request=fresh(held), slot=reserve, by=officer, moves=moves)

    other.refresh_from_db()
    assert (other.status, fresh(held).status, taken(reserve)) == ("booked", "waiting", (0, 0))


def test_grant_moves_the_appointment_that_was_ticked(officer, held, reserve):
    other = make_appointment(held.registration, make_slot(make_port("laredo")))

    urgent.grant(request=held, slot=reserve, by=officer, moves=other.reference)

    other.refresh_from_db()
    assert other.status == "changed"
    assert held.registration.appointments.live().get() == held.appointment
    assert waiting_returns(other.slot) == [("public", 3)]
    assert told(held.registration.owner) == [("changed", ["email"])]


def test_grant_of_the_time_the_family_has_is_refused(officer, held, reserve):
    other = make_appointment(held.registration, reserve)

    with pytest.raises(urgent.SameTime):
        urgent.grant(request=held, slot=reserve, by=officer, moves=other.reference)


def test_grant_when_the_reserve_is_too_small_is_refused(officer, held, port):
    with pytest.raises(booking.SlotFull):
        urgent.grant(request=held, slot=make_slot(port, reserve=2), by=officer)

    assert fresh(held).status == "waiting"
    assert told(held.registration.owner) == events(held.registration) == []


def test_grant_to_a_family_that_changed_and_has_not_signed_is_refused(officer, held, reserve):
    held.registration.status = "changing"
    held.registration.save()

    with pytest.raises(booking.NotReady):
        urgent.grant(request=held, slot=reserve, by=officer)


def test_grant_at_a_port_of_others_is_refused(officer, held):
    slot = make_slot(make_port("laredo"), reserve=5)

    with pytest.raises(NotAllowed):
        urgent.grant(request=held, slot=slot, by=officer)


def test_free_times_have_room_for_everybody_the_soonest_first(officer, port):
    late, soon = make_slot(port, days_ahead=5, reserve=3), make_slot(port, reserve=3)
    make_slot(port, reserve=2)
    make_slot(port, reserve=3, is_open=False)
    make_slot(make_port("laredo"), reserve=9)

    assert list(urgent.free_times(officer, people=3)) == [soon, late]


# --- A letter -----------------------------------------------------------------------------


def test_refuse_sends_the_letter_word_for_word_and_changes_nothing_else(clock, officer, held):
    booked = make_appointment(held.registration)

    refuse(held, officer, letter=f"  {LETTER}\n")

    held.refresh_from_db()
    assert (held.status, held.refusal, held.letter) == ("refused", "not_urgent", LETTER)
    assert (held.decided_by, held.decided_at, held.appointment) == (officer, clock.at, None)
    family = held.registration
    assert told(family.owner) == [("urgent_refused", ["email"])]
    assert events(family) == [("urgent_refused", "waiting", "refused", officer.pk)]
    booked.refresh_from_db()
    assert booked.status == "booked"


def test_refuse_texts_who_wants_texts_without_the_letter(officer, held):
    family = held.registration
    family.text_messages = True
    family.save()

    refuse(held, officer)

    assert told(family.owner) == [("urgent_refused", ["email", "sms"])]
    message = Message.objects.get()
    subject, body = words(message, fresh(held), "email")
    assert body.startswith(f"{LETTER}\n\nLook at your case:")
    assert subject == "News about your registration"
    assert "Not this time" not in words(message, fresh(held), "sms")[1]


def test_refuse_with_an_empty_letter_is_refused(officer, held):
    with pytest.raises(urgent.LetterMissing):
        refuse(held, officer, letter=" \n")

    assert fresh(held).status == "waiting"


@pytest.mark.parametrize("code", Refusal.values)
def test_first_letter_is_in_the_familys_language_and_says_what_stays(code):
    row = make_urgent()
    booked = make_appointment(row.registration)
    User.objects.filter(pk=row.registration.owner_id).update(language="en")

    letter = urgent.draft_letter(fresh(row), code)

    head = row.registration.people().first().traveler
    assert letter.startswith(f"Hello {head},\n")
    assert "urgent place at San Ysidro" in letter
    assert row.registration.reference in letter
    assert f"So does your appointment {booked.reference}." in letter
    assert "call 911" in letter
    assert "No computer decided it." in letter
    assert "\n\n\n" not in letter


def test_first_letters_differ_by_reason_and_leave_out_an_appointment_there_is_not():
    row = fresh(make_urgent())

    letters = {urgent.draft_letter(row, code) for code in Refusal.values}

    assert len(letters) == 4
    assert not any("So does" in letter for letter in letters)


def test_first_letter_keeps_signs_as_they_are():
    row = make_urgent()
    who = row.registration.people().first().traveler
    who.given_names, who.surnames = "Ana & Bo", "D'Ávila"
    who.save()

    assert urgent.draft_letter(fresh(row), "unclear").startswith("Hello Ana & Bo D'Ávila,")


# --- Who may, and when --------------------------------------------------------------------


def grant_of(row, by):
    slot = make_slot(row.port, reserve=5)
    return lambda: urgent.grant(request=row, slot=slot, by=by)


ANSWERS = [grant_of, lambda row, by: lambda: refuse(row, by)]


@pytest.mark.parametrize("answer", ANSWERS)
def test_answer_by_who_does_not_hold_it_is_refused(answer, port, officer, supervisor):
    for row in (make_urgent(), make_urgent(taken_by=make_officer(port))):
        for by in (officer, supervisor):
            with pytest.raises(holding.NotHolder):
                answer(row, by)()


@pytest.mark.parametrize("answer", ANSWERS)
def test_answer_by_another_role_is_refused(answer):
    for by in (make_auditor(), make_officer(role="Photo reviewer")):
        with pytest.raises(NotAllowed):
            answer(make_urgent(taken_by=by), by)()


@pytest.mark.parametrize("answer", ANSWERS)
def test_answer_by_who_left_the_port_is_refused(answer, held, officer):
    officer.posts.all().delete()

    with pytest.raises(MovedOn):
        answer(held, officer)()


@pytest.mark.parametrize("answer", ANSWERS)
def test_answer_to_ones_own_family_is_refused(answer, officer):
    own = make_urgent(make_registration(officer), taken_by=officer)

    with pytest.raises(urgent.OwnFamily):
        answer(own, officer)()


@pytest.mark.parametrize("answer", ANSWERS)
def test_answer_after_declaring_a_conflict_is_refused(answer, officer, held):
    conflicts.declare(by=officer, relation="friend", case=held.registration.reference)

    with pytest.raises(conflicts.InConflict):
        answer(held, officer)()


@pytest.mark.parametrize("status", ["granted", "refused", "withdrawn"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_answer_at_the_wrong_time_is_refused(answer, status, officer):
    row = make_urgent(status=status, taken_by=officer)

    with pytest.raises(MovedOn):
        answer(row, officer)()

    assert fresh(row).status == status


@pytest.mark.parametrize("answer", ANSWERS)
def test_answer_to_what_changed_meanwhile_is_refused(answer, officer, held):
    stale = fresh(held)
    withdraw(request=fresh(held), by=held.registration.owner)

    with pytest.raises(MovedOn):
        answer(stale, officer)()

    assert fresh(held).status == "withdrawn"


# --- At once ------------------------------------------------------------------------------

race = pytest.mark.race
committed = pytest.mark.django_db(transaction=True)


@race
@committed
def test_take_by_four_officers_at_once_never_gives_two_the_same(port):
    rows = {make_urgent().pk for _ in range(3)}
    officers = [make_officer(port) for _ in range(4)]

    outcomes = at_once(lambda one=one: QUEUE.take_next(by=one) for one in officers)

    given = [row.pk for row in outcomes if row]
    assert sorted(given) == sorted(rows)
    assert UrgentRequest.objects.filter(taken_by=None).count() == 0


@race
@committed
@pytest.mark.parametrize("seed", range(3))
def test_grant_and_refuse_from_two_tabs_is_one_answer(seed, port, officer):
    row, slot = make_urgent(taken_by=officer), make_slot(port, reserve=5)
    one, other = fresh(row), fresh(row)

    outcomes = at_once(
        [
            lambda: urgent.grant(request=one, slot=slot, by=officer),
            lambda: refuse(other, officer),
        ]
    )

    assert kinds(outcomes) == ["MovedOn", "ok"]
    granted = fresh(row).status == "granted"
    assert taken(slot) == ((0, 3) if granted else (0, 0))
    assert len(told(row.registration.owner)) == 1


@race
@committed
@pytest.mark.parametrize("seed", range(3))
def test_answer_while_a_supervisor_gives_it_to_another_is_one_or_the_other(seed, port, officer):
    row, slot = make_urgent(taken_by=officer), make_slot(port, reserve=5)
    colleague, supervisor = make_officer(port), make_supervisor(port)
    one, other = fresh(row), fresh(row)

    outcomes = at_once(
        [
            lambda: urgent.grant(request=one, slot=slot, by=officer),
            lambda: QUEUE.reassign(other, to=colleague, reason="Ill", by=supervisor),
        ]
    )

    assert set(kinds(outcomes)) <= {"ok", "NotHolder", "MovedOn", "CannotTake"}
    assert (fresh(row).status == "granted") == (not isinstance(outcomes[0], Exception))


@race
@committed
@pytest.mark.parametrize("seed", range(3))
def test_grant_beside_withdraw_is_one_of_both(seed, port, officer):
    row, slot = make_urgent(taken_by=officer), make_slot(port, reserve=5)
    one, other = fresh(row), fresh(row)

    outcomes = at_once(
        [
            lambda: urgent.grant(request=one, slot=slot, by=officer),
            lambda: withdraw(request=other, by=row.registration.owner),
        ]
    )

    assert len(kinds(outcomes)) == 2
    assert kinds(outcomes).count("ok") == 1
    granted = fresh(row).status == "granted"
    assert taken(slot) == ((0, 3) if granted else (0, 0))
    assert row.registration.appointments.count() == granted


@race
@committed
def test_grant_of_the_last_reserve_place_goes_to_one_family(port):
    slot = make_slot(port, reserve=3)
    officers = [make_officer(port) for _ in range(4)]
    rows = [fresh(make_urgent(taken_by=one)) for one in officers]

    outcomes = at_once(
        lambda row=row: urgent.grant(request=row, slot=slot, by=row.taken_by) for row in rows
    )

    assert kinds(outcomes) == ["SlotFull"] * 3 + ["ok"]
    assert taken(slot) == (0, 3)
    statuses = sorted(fresh(row).status for row in rows)
    assert statuses == ["granted", "waiting", "waiting", "waiting"]
    assert Message.objects.count() == 1
