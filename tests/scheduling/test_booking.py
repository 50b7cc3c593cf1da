from datetime import timedelta

import pytest

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from cbpone.lib.references import read_reference
from cbpone.notifications.models import Delivery, Message
from scheduling.booking import (
    HasOther,
    NotBooked,
    NotReady,
    SlotClosed,
    SlotFull,
    book,
    book_reserve,
    cancel,
    recount_slots,
    return_places,
)
from scheduling.models import Appointment, PlaceReturn, Slot
from tests.factories import (
    make_appointment,
    make_officer,
    make_port,
    make_registration,
    make_slot,
    make_user,
)
from tests.facts import events, taken, told, waiting_returns

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    return make_registration(people=3)


def press(slot, family, **values):
    return book(slot_id=slot.pk, by=family.owner, **values)


def test_book_free_slot_writes_appointment_people_event_message_and_counter(family, clock):
    slot = make_slot(capacity=5)

    reference = press(slot, family)

    row = Appointment.objects.get()
    assert reference == row.reference == read_reference(reference, "A")
    assert (row.registration, row.slot, row.places, row.status) == (family, slot, 3, "booked")
    assert (row.pool, row.reason, row.replaces) == ("public", "", None)
    assert (row.booked_at, row.booked_by) == (clock.at, family.owner)
    people = row.attendances.order_by("id").values_list("traveler", "takes_place")
    assert list(people) == [(member.traveler_id, True) for member in family.people()]
    assert events(family) == [("booked", "", "booked", family.owner_id)]
    assert told(family.owner) == [("booked", ["email"])]
    assert taken(slot) == (3, 0)


def test_book_writes_event_and_message_about_the_appointment(family, clock):
    slot = make_slot()

    reference = press(slot, family)

    row = Appointment.objects.get()
    event, message = Event.objects.get(), Message.objects.get()
    assert (event.model, event.row_id) == ("scheduling.appointment", str(row.pk))
    assert (event.at, event.note) == (clock.at, "")
    assert (message.model, message.row_id) == ("scheduling.appointment", str(row.pk))
    assert (message.row_status, message.dedupe_key) == ("booked", f"booked:{reference}")
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts, delivery.next_try_at) == ("waiting", 0, clock.at)


@pytest.mark.parametrize(
    ("wants", "phone", "channels"),
    [
        (True, "+526641234567", ["email", "sms"]),
        (True, "", ["email"]),
        (False, "+526641234567", ["email"]),
    ],
)
def test_book_tells_by_text_message_only_when_asked(wants, phone, channels):
    family = make_registration(text_messages=wants, phone=phone)

    press(make_slot(), family)

    assert told(family.owner) == [("booked", channels)]


def test_book_for_a_named_registration_is_put_down_to_who_pressed(family):
    helper = make_user()

    book(slot_id=make_slot().pk, by=helper, registration=family)

    assert Appointment.objects.get().booked_by == helper
    assert events(family) == [("booked", "", "booked", helper.pk)]
    assert told(family.owner) == [("booked", ["email"])]


def test_book_same_slot_again_gives_the_same_number_and_writes_nothing(family):
    slot = make_slot()
    first = press(slot, family)

    again = press(slot, family)

    assert again == first
    assert Appointment.objects.count() == Event.objects.count() == Message.objects.count() == 1
    assert taken(slot) == (3, 0)


def test_book_same_slot_again_while_being_changed_gives_the_same_number(family):
    slot = make_slot()
    first = press(slot, family)
    family.status = "changing"
    family.save()

    assert press(slot, family, change=True) == first


def test_book_other_slot_without_change_is_refused(family):
    held = make_appointment(family)
    other = make_slot()

    with pytest.raises(HasOther):
        press(other, family)

    assert Appointment.objects.get() == held
    assert taken(other) == (0, 0)


def test_book_with_change_gives_the_old_place_up_and_takes_the_new(family, clock, settings):
    old = make_appointment(family)
    new_slot = make_slot()

    reference = press(new_slot, family, change=True)

    new = Appointment.objects.get(reference=reference)
    old.refresh_from_db()
    assert (old.status, old.ended_at) == ("changed", clock.at)
    assert (new.status, new.slot, new.replaces) == ("booked", new_slot, old)
    given_up = PlaceReturn.objects.get()
    assert (given_up.slot, given_up.places, given_up.pool) == (old.slot, 3, "public")
    assert given_up.given_up_at == clock.at
    assert given_up.due_at == clock.at + timedelta(minutes=settings.PLACE_RETURN_DELAY_MINUTES)
    assert (taken(old.slot), taken(new_slot)) == ((3, 0), (3, 0))
    assert told(family.owner) == [("changed", ["email"])]


def test_book_with_change_is_one_event_that_names_both_numbers(family):
    old = make_appointment(family)

    reference = press(make_slot(), family, change=True)

    assert events(family) == [("changed", "", "booked", family.owner_id)]
    assert Event.objects.get().note == f"{old.reference} > {reference}"


def test_book_with_change_to_full_slot_leaves_the_old_untouched(family):
    old = make_appointment(family)
    full = make_slot(capacity=2)

    with pytest.raises(SlotFull):
        press(full, family, change=True)

    assert Appointment.objects.get().status == "booked"
    assert (taken(old.slot), taken(full)) == ((3, 0), (0, 0))
    assert not PlaceReturn.objects.exists()
    assert not Event.objects.exists()
    assert not Message.objects.exists()


def test_book_with_change_and_nothing_booked_just_books(family):
    slot = make_slot()

    press(slot, family, change=True)

    assert told(family.owner) == [("booked", ["email"])]
    assert taken(slot) == (3, 0)


def test_book_with_change_after_check_in_is_refused(family, officer):
    make_appointment(family, status="checked_in", checked_in_by=officer)

    with pytest.raises(HasOther):
        press(make_slot(), family, change=True)


@pytest.mark.parametrize("status", ["cancelled", "changed", "no_show", "completed"])
def test_book_again_after_an_ended_appointment_works(family, status):
    make_appointment(family, status=status)

    press(make_slot(), family)

    assert list(family.appointments.order_by("id").values_list("status", flat=True)) == [
        status,
        "booked",
    ]


def test_book_full_slot_is_refused_and_writes_nothing(family):
    slot = make_slot(capacity=5)
    make_appointment(slot=slot)

    with pytest.raises(SlotFull):
        press(slot, family)

    assert not family.appointments.exists()
    assert taken(slot) == (3, 0)
    assert events(family) == told(family.owner) == []


def test_book_last_places_exactly_fit(family):
    slot = make_slot(capacity=6)
    make_appointment(slot=slot)

    press(slot, family)

    assert taken(slot) == (6, 0)


def test_book_takes_no_place_from_the_reserve(family):
    slot = make_slot(capacity=2, reserve=10)

    with pytest.raises(SlotFull):
        press(slot, family)


def test_book_a_family_is_whole_or_not_at_all():
    slot = make_slot(capacity=5)
    big, small = make_registration(people=6), make_registration(people=5)

    with pytest.raises(SlotFull):
        press(slot, big)
    press(slot, small)

    assert taken(slot) == (5, 0)
    assert not big.appointments.exists()


def test_book_counts_only_people_who_are_still_in_the_family(family):
    gone = family.people().last()
    family.members.filter(pk=gone.pk).update(left_at=gone.joined_at, holds_identity=False)

    press(make_slot(), family)

    row = Appointment.objects.get()
    assert row.places == 2
    assert gone.traveler_id not in row.attendances.values_list("traveler", flat=True)


def test_book_slot_that_starts_too_soon_is_refused(family, clock, settings):
    closes = timedelta(hours=settings.BOOKING_CLOSES_HOURS)
    late = make_slot(starts_at=clock.at + closes)
    early = make_slot(starts_at=clock.at + closes + timedelta(seconds=1))

    with pytest.raises(SlotClosed):
        press(late, family)

    assert press(early, family)


def test_book_closed_slot_is_refused(family):
    with pytest.raises(SlotClosed):
        press(make_slot(is_open=False), family)


def test_book_at_closed_port_is_refused(family):
    port = make_port(is_open=False)

    with pytest.raises(SlotClosed):
        press(make_slot(port), family)


def test_book_slot_that_does_not_exist_is_refused(family):
    with pytest.raises(SlotClosed):
        book(slot_id=987654, by=family.owner)


@pytest.mark.parametrize("status", ["draft", "changing"])
def test_book_before_signing_is_refused(status):
    family = make_registration(signed=status != "draft")
    type(family).objects.filter(pk=family.pk).update(status=status)

    with pytest.raises(NotReady):
        press(make_slot(), family)


def test_book_without_registration_is_refused():
    with pytest.raises(NotReady):
        book(slot_id=make_slot().pk, by=make_user())


def test_book_for_a_withdrawn_registration_is_refused(clock):
    family = make_registration(status="withdrawn", withdrawn_at=clock.at)

    with pytest.raises(NotReady):
        press(make_slot(), family)
    with pytest.raises(NotReady):
        press(make_slot(), family, registration=family)


def test_cancel_booked_appointment_frees_the_family_and_keeps_the_counter(family, clock, settings):
    row = make_appointment(family)

    cancel(appointment=row, by=family.owner)

    row.refresh_from_db()
    assert (row.status, row.ended_at) == ("cancelled", clock.at)
    assert events(family) == [("cancelled", "booked", "cancelled", family.owner_id)]
    assert told(family.owner) == [("cancelled", ["email"])]
    assert taken(row.slot) == (3, 0)
    assert waiting_returns(row.slot) == [("public", 3)]


@pytest.mark.parametrize("status", ["checked_in", "completed", "changed", "cancelled", "no_show"])
def test_cancel_what_is_not_booked_is_refused(family, officer, status):
    row = make_appointment(family, status=status, checked_in_by=officer)

    with pytest.raises(NotBooked):
        cancel(appointment=row, by=family.owner)

    assert waiting_returns(row.slot) == []


def test_return_places_before_the_delay_changes_nothing(family, clock, settings):
    row = make_appointment(family)
    cancel(appointment=row, by=family.owner)
    clock.forward(minutes=settings.PLACE_RETURN_DELAY_MINUTES, seconds=-1)

    assert return_places() == 0

    assert taken(row.slot) == (3, 0)


def test_return_places_after_the_delay_frees_them_once(family, clock, settings):
    row = make_appointment(family)
    cancel(appointment=row, by=family.owner)
    clock.forward(minutes=settings.PLACE_RETURN_DELAY_MINUTES)

    assert return_places() == 3
    assert return_places() == 0

    assert taken(row.slot) == (0, 0)
    assert PlaceReturn.objects.get().returned_at == clock.at
    event = Event.objects.filter(verb="places_returned").get()
    assert (event.row_id, event.note, event.by) == (str(row.slot_id), "3", None)


def test_return_places_of_the_reserve_go_back_to_the_reserve(officer, family, clock):
    slot = make_slot(capacity=0, reserve=3)
    row = make_appointment(family, slot, pool="reserve")
    cancel(appointment=row, by=family.owner)
    clock.forward(hours=1)

    return_places()

    assert taken(slot) == (0, 0)


def test_return_places_can_be_booked_again_by_others(family, clock):
    slot = make_slot(capacity=3)
    cancel(appointment=make_appointment(family, slot), by=family.owner)
    other = make_registration(people=3)
    with pytest.raises(SlotFull):
        press(slot, other)
    clock.forward(hours=1)
    return_places()

    press(slot, other)

    assert taken(slot) == (3, 0)


def test_book_reserve_at_own_port_takes_the_reserve(officer, family):
    slot = make_slot(capacity=0, reserve=3)

    reference = book_reserve(slot=slot, registration=family, by=officer, reason="Medical")

    row = Appointment.objects.get(reference=reference)
    assert (row.pool, row.reason, row.booked_by) == ("reserve", "Medical", officer)
    assert taken(slot) == (0, 3)
    assert events(family) == [("booked_reserve", "", "booked", officer.pk)]
    assert Event.objects.get().note == "Medical"
    assert told(family.owner) == [("booked", ["email"])]


def test_book_reserve_leaves_an_appointment_alone_unless_told(officer, family):
    old = make_appointment(family)
    slot = make_slot(capacity=0, reserve=3)

    with pytest.raises(HasOther):
        book_reserve(slot=slot, registration=family, by=officer, reason="Medical")

    old.refresh_from_db()
    assert old.status == "booked"


def test_book_reserve_moves_a_family_that_has_a_later_place(officer, family):
    old = make_appointment(family)
    slot = make_slot(capacity=0, reserve=3)

    book_reserve(slot=slot, registration=family, by=officer, reason="Medical", change=True)

    old.refresh_from_db()
    assert old.status == "changed"
    assert waiting_returns(old.slot) == [("public", 3)]
    assert taken(slot) == (0, 3)


def test_book_reserve_beyond_the_reserve_is_refused(officer, family):
    slot = make_slot(capacity=10, reserve=2)

    with pytest.raises(SlotFull):
        book_reserve(slot=slot, registration=family, by=officer, reason="Medical")

    assert taken(slot) == (0, 0)


def test_book_reserve_at_another_port_is_refused(family):
    elsewhere = make_officer(make_port("laredo"))
    slot = make_slot(make_port("san-ysidro"), reserve=10)

    with pytest.raises(NotAllowed):
        book_reserve(slot=slot, registration=family, by=elsewhere, reason="Medical")


@pytest.mark.parametrize("who", ["applicant", "auditor"])
def test_book_reserve_by_others_is_refused(request, family, who):
    with pytest.raises(NotAllowed):
        book_reserve(
            slot=make_slot(reserve=10),
            registration=family,
            by=request.getfixturevalue(who),
            reason="Medical",
        )


def test_recount_of_right_counters_says_nothing(family, officer):
    slot = make_slot(capacity=20, reserve=10)
    make_appointment(family, slot)
    make_appointment(slot=slot, pool="reserve")
    make_appointment(slot=slot, status="no_show")
    make_appointment(slot=slot, status="completed", checked_in_by=officer)
    make_appointment(slot=slot, status="cancelled")
    waiting = make_appointment(slot=slot)
    cancel(appointment=waiting, by=waiting.registration.owner)

    assert recount_slots() == []

    assert not Event.objects.filter(verb="recounted").exists()


@pytest.mark.parametrize("counter", ["booked", "reserve_booked"])
def test_recount_of_a_wrong_counter_is_put_on_record(family, counter):
    slot = make_slot(capacity=20, reserve=20)
    make_appointment(family, slot)
    make_appointment(slot=slot, pool="reserve")
    Slot.objects.filter(pk=slot.pk).update(**{counter: 5})

    found = recount_slots()

    wrong = "5+3" if counter == "booked" else "3+5"
    assert found == [f"{slot}: {wrong} counted, 3+3 found"]
    assert Event.objects.get(verb="recounted").note == f"{wrong} counted, 3+3 found"


def test_recount_takes_the_same_number_of_queries_for_more_slots(django_assert_num_queries):
    for _ in range(3):
        make_appointment()

    with django_assert_num_queries(1):
        recount_slots()
