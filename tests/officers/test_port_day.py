"""What an officer does at the port, and what an officer of another port cannot."""

import pytest

from cbpone.audit.models import Event
from scheduling.models import Attendance, Slot
from tests.factories import make_appointment, make_registration


def events(verb):
    return Event.objects.filter(verb=verb)


def test_board_shows_today_by_time_and_family(client, officer, family):
    client.force_login(officer)

    page = client.get("/officers/board/san-ysidro/").content.decode()

    assert family.reference in page
    assert "12:00" in page
    assert "3 people, 1 family" in page
    assert events("viewed").filter(by=officer).count() == 1


def test_board_of_another_port_is_not_found(client, other_officer, family):
    client.force_login(other_officer)

    assert client.get("/officers/board/san-ysidro/").status_code == 404
    assert client.get(f"/officers/appointments/{family.reference}/").status_code == 404


def test_check_in_from_the_board(client, officer, family, clock):
    clock.at = family.slot.starts_at
    client.force_login(officer)

    response = client.post(f"/officers/appointments/{family.reference}/check-in/", {"board": "1"})

    family.refresh_from_db()
    day = family.slot.day
    assert response.url == f"/officers/board/san-ysidro/?day={day}#{family.reference}"
    assert family.status == "checked_in"
    assert family.attendances.exclude(checked_in_at=None).count() == 3


def test_check_in_by_an_officer_of_another_port_changes_nothing(client, other_officer, family):
    client.force_login(other_officer)

    response = client.post(f"/officers/appointments/{family.reference}/check-in/")

    family.refresh_from_db()
    assert response.status_code == 404
    assert family.status == "booked"


def test_check_in_by_get_is_refused(client, officer, family):
    client.force_login(officer)

    assert client.get(f"/officers/appointments/{family.reference}/check-in/").status_code == 405


def test_check_in_of_some_leaves_the_others_out(client, officer, family, clock):
    clock.at = family.slot.starts_at
    client.force_login(officer)
    here = family.attendances.first()

    client.post(f"/officers/appointments/{family.reference}/check-in/", {"present": [here.pk]})

    assert list(Attendance.objects.exclude(checked_in_at=None)) == [here]


@pytest.mark.parametrize("present", [[], ["0"], ["nonsense"]])
def test_check_in_with_nobody_ticked_is_refused(client, officer, family, clock, present):
    clock.at = family.slot.starts_at
    client.force_login(officer)
    url = f"/officers/appointments/{family.reference}/check-in/"

    page = client.post(url, {"present": present}, follow=True)

    family.refresh_from_db()
    assert "Tick who is here, then press the button." in page.content.decode()
    assert family.status == "booked"
    assert not events("checked_in").exists()


def test_check_in_of_somebody_elses_people_is_refused(client, officer, family, today, clock):
    clock.at = family.slot.starts_at
    client.force_login(officer)
    other = make_appointment(slot=today).attendances.first()

    client.post(f"/officers/appointments/{family.reference}/check-in/", {"present": [other.pk]})

    assert not Attendance.objects.exclude(checked_in_at=None).exists()


def test_person_who_comes_later_is_checked_in_alone(client, officer, family, clock):
    clock.at = family.slot.starts_at
    client.force_login(officer)
    first, late, _third = family.attendances.all()
    client.post(f"/officers/appointments/{family.reference}/check-in/", {"present": [first.pk]})

    for _press in range(2):
        client.post(f"/officers/appointments/{family.reference}/arrive/", {"person": late.pk})

    late.refresh_from_db()
    assert late.checked_in_by == officer
    assert events("checked_in").count() == 2


def test_person_of_another_family_can_not_arrive_here(client, officer, family, today):
    client.force_login(officer)
    other = make_appointment(slot=today, status="checked_in", checked_in_by=officer)
    other.attendances.update(checked_in_at=None, checked_in_by=None)
    stranger = other.attendances.first()

    client.post(f"/officers/appointments/{family.reference}/arrive/", {"person": stranger.pk})

    stranger.refresh_from_db()
    assert stranger.checked_in_at is None


def test_note_too_long_is_told_beside_it_and_kept(client, officer, today):
    here = make_appointment(slot=today, status="checked_in", checked_in_by=officer)
    client.force_login(officer)
    url = f"/officers/appointments/{here.reference}/dispose/"
    typed = {"person": here.attendances.first().pk, "disposition": "paroled", "note": "x" * 301}

    page = client.post(url, typed).content.decode()

    assert "Use 300 letters or fewer" in page
    assert "x" * 301 in page
    assert '<option value="paroled" selected>' in page


def test_of_who_is_not_here_only_that_can_be_recorded(client, officer, family, clock):
    clock.at = family.slot.starts_at
    client.force_login(officer)
    here, away, _third = family.attendances.all()
    client.post(f"/officers/appointments/{family.reference}/check-in/", {"present": [here.pk]})
    url = f"/officers/appointments/{family.reference}/dispose/"

    page = client.post(url, {"person": away.pk, "disposition": "nta_parole"}, follow=True)
    client.post(url, {"person": away.pk, "disposition": "did_not_come"})

    away.refresh_from_db()
    assert "Check this person in first" in page.content.decode()
    assert away.disposition == "did_not_come"


def test_dispose_each_person_ends_the_appointment(client, officer, family, clock):
    clock.at = family.slot.starts_at
    client.force_login(officer)
    client.post(f"/officers/appointments/{family.reference}/check-in/", {"board": "1"})

    for row in family.attendances.all():
        client.post(
            f"/officers/appointments/{family.reference}/dispose/",
            {"person": row.pk, "disposition": "nta_parole", "note": "ok"},
        )

    family.refresh_from_db()
    assert family.status == "completed"
    assert events("disposed").count() == 3


def test_dispose_without_choice_is_told(client, officer, family, clock):
    clock.at = family.slot.starts_at
    client.force_login(officer)
    client.post(f"/officers/appointments/{family.reference}/check-in/", {"board": "1"})
    row = family.attendances.first()

    page = client.post(
        f"/officers/appointments/{family.reference}/dispose/",
        {"person": row.pk, "disposition": "", "note": "ICE office: Miami"},
        follow=True,
    )

    assert "Choose a disposition" in page.content.decode()
    assert 'value="ICE office: Miami"' in page.content.decode()
    assert not events("disposed").exists()


def test_manifest_print_is_on_record(client, officer, family):
    client.force_login(officer)

    page = client.get("/officers/board/san-ysidro/print/").content.decode()

    assert family.reference in page
    assert events("printed").get().by == officer


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "nonsense", "2026-02-31"])
def test_board_of_no_such_day_shows_today(client, officer, family, day):
    client.force_login(officer)

    page = client.get(f"/officers/board/san-ysidro/?day={day}").content.decode()

    assert family.reference in page


def test_reserve_without_enough_places_says_so(client, officer, today):
    client.force_login(officer)
    large = make_registration(people=10)
    Slot.objects.update(reserve_capacity=2)

    page = client.get(f"/officers/registrations/{large.reference}/reserve/").content.decode()

    assert "No time at your ports has enough places in reserve" in page
