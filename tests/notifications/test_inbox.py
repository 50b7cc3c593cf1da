import pytest

from cbpone.notifications.inbox import MOST, read_inbox, unread_count
from cbpone.notifications.models import Reading
from cbpone.notifications.outbox import notify
from scheduling.booking import cancel
from tests.factories import make_appointment, make_registration, make_user

pytestmark = pytest.mark.django_db


def tell(user, times=1):
    for _ in range(times):
        row = make_appointment(make_registration(people=1))
        notify(user=user, template="booked", about=row)
        registration = make_registration(people=1)
        notify(user=user, template="registered", about=registration)


def test_read_inbox_shows_newest_first_and_marks_them_read(applicant):
    tell(applicant)
    assert unread_count(applicant) == 2

    first, second = read_inbox(applicant)

    assert (first.message.template, second.message.template) == ("registered", "booked")
    assert (first.is_new, second.is_new) == (True, True)
    assert "Your registration is signed" in first.body
    assert second.subject == "News about your appointment"
    assert unread_count(applicant) == 0
    assert [entry.is_new for entry in read_inbox(applicant)] == [False, False]
    assert Reading.objects.count() == 2


def test_read_inbox_holds_nobody_elses_messages(applicant):
    tell(make_user())

    assert read_inbox(applicant) == []


def test_read_inbox_keeps_what_is_no_longer_true(applicant):
    row = make_appointment(make_registration(applicant))
    notify(user=applicant, template="booked", about=row)
    cancel(appointment=row, by=applicant)

    entries = [(entry.message.template, entry.is_true) for entry in read_inbox(applicant)]

    assert entries == [("cancelled", True), ("booked", False)]


def test_inbox_page_marks_what_is_no_longer_true(client, applicant):
    row = make_appointment(make_registration(applicant))
    notify(user=applicant, template="booked", about=row)
    client.force_login(applicant)
    assert "No longer current" not in client.get("/messages/").content.decode()

    cancel(appointment=row, by=applicant)

    told, booked = client.get("/messages/").content.decode().split("<article")[1:]
    assert "No longer current" not in told
    assert '<span class="chip chip-gone">No longer current</span>' in booked


def test_read_inbox_shows_the_latest_only(applicant):
    tell(applicant, times=MOST // 2 + 1)

    assert len(read_inbox(applicant)) == MOST


@pytest.mark.parametrize("times", [1, 3])
def test_read_inbox_takes_the_same_number_of_queries(applicant, times, django_assert_num_queries):
    tell(applicant, times=times)

    with django_assert_num_queries(4):
        read_inbox(applicant)
