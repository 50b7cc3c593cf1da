import pytest
from django.db import transaction

from cbpone.audit.log import move, record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import MovedOn
from scheduling.models import Appointment
from tests.factories import make_appointment, make_registration, make_user
from tests.facts import events

pytestmark = pytest.mark.django_db


def test_record_names_the_row_its_case_and_who():
    row, user = make_appointment(), make_user()

    record(Verb.VIEWED, on=row, by=user, note="board")

    event = Event.objects.get()
    assert (event.verb, event.model, event.row_id) == (
        "viewed",
        "scheduling.appointment",
        str(row.pk),
    )
    assert (event.case, event.by, event.note) == (row.registration.reference, user, "board")
    assert Event.objects.about(row).get() == Event.objects.of_case(event.case).get() == event


def test_record_by_nobody_is_the_portal():
    record(Verb.RELEASED, on=make_user())

    assert Event.objects.get().by is None


def test_record_in_a_transaction_that_fails_is_gone_with_it():
    row = make_registration()

    with transaction.atomic():
        record(Verb.VIEWED, on=row)
        transaction.set_rollback(True)

    assert not Event.objects.exists()


def test_move_changes_the_row_in_hand_and_in_the_table(clock):
    row, user = make_appointment(), make_user()

    move(row, to="cancelled", verb=Verb.CANCELLED, by=user, note="ill", ended_at=clock.at)

    assert (row.status, row.ended_at) == ("cancelled", clock.at)
    stored = Appointment.objects.get()
    assert (stored.status, stored.ended_at) == ("cancelled", clock.at)
    assert events(row) == [("cancelled", "booked", "cancelled", user.pk)]


def test_move_of_a_row_that_moved_meanwhile_is_refused_and_not_on_record(clock):
    row = make_appointment()
    seen_before = Appointment.objects.get()
    move(row, to="cancelled", verb=Verb.CANCELLED, ended_at=clock.at)

    with pytest.raises(MovedOn):
        move(seen_before, to="no_show", verb=Verb.NO_SHOW, ended_at=clock.at)

    assert seen_before.status == "booked"
    assert len(events(row)) == 1
