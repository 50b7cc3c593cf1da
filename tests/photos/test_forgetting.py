"""Which photos are erased and when; nothing of what was decided goes with them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from cbpone.audit.log import move, record
from cbpone.audit.models import Event
from cbpone.photos import forgetting
from cbpone.photos.forgetting import forget_photos
from cbpone.photos.models import Photo
from cbpone.photos.seeing import photos_visible_to
from cbpone.photos.storing import current_photo
from scheduling.models import Attendance, Member, Registration
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_beneficiary,
    make_officer,
    make_photo,
    make_registration,
    make_traveler,
)
from tests.factories.office_ports import make_walk_in
from tests.race import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _days(settings):
    settings.PHOTO_KEEP_REPLACED_DAYS = 90
    settings.PHOTO_KEEP_ENDED_DAYS = 365


@pytest.fixture
def old(clock):
    """A photo of this traveler, sent two years ago and still theirs."""
    return lambda traveler, **values: make_photo(
        traveler, **{"added_at": clock.at - 730 * DAY} | values
    )


def ago(clock, days):
    return clock.at - days * DAY


def is_erased(photo: Photo) -> bool:
    forget_photos()
    photo.refresh_from_db()
    gone = not Path(photo.file.path).exists()
    assert gone == (photo.erased_at is not None)
    return gone


# --- Replaced photos ----------------------------------------------------------------------


@pytest.mark.parametrize(("days", "erased"), [(91, True), (89, False)])
def test_replaced_photo_is_erased_after_its_days(clock, days, erased):
    photo = make_photo(make_traveler(), replaced_at=ago(clock, days))

    assert is_erased(photo) == erased


def test_current_photo_of_nobody_knows_which_case_stays(old):
    assert not is_erased(old(make_traveler()))


def test_erased_photo_keeps_its_row_and_is_on_record(clock, old):
    registration = make_registration()
    photo = make_photo(
        registration.people().first().traveler,
        replaced_at=ago(clock, 91),
        checked_by="yunet",
        findings=["too_dark"],
    )

    forget_photos()

    row = Photo.objects.get()
    assert (row.erased_at, row.findings) == (clock.at, ["too_dark"])
    event = Event.objects.get(verb="photo_erased")
    assert (event.row_id, event.by, event.case) == (str(photo.pk), None, registration.reference)


def test_forgetting_twice_is_forgetting_once(clock):
    make_photo(make_traveler(), replaced_at=ago(clock, 91))

    counts = [forget_photos(), forget_photos()]

    assert counts == [1, 0]
    assert Event.objects.filter(verb="photo_erased").count() == 1


def test_file_that_is_missing_already_is_no_obstacle(clock):
    photo = make_photo(make_traveler(), replaced_at=ago(clock, 91))
    photo.file.storage.delete(photo.file.name)

    assert is_erased(photo)


def test_erasing_that_is_cut_short_is_ended_by_the_next_run(clock, monkeypatch):
    photo = make_photo(make_traveler(), replaced_at=ago(clock, 91))
    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "record", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            forget_photos()
    photo.refresh_from_db()
    assert photo.erased_at is None

    assert is_erased(photo)


def test_command_says_how_many(clock, capsys):
    make_photo(make_traveler(), replaced_at=ago(clock, 91))

    call_command("forget_photos")

    assert capsys.readouterr().out == "1 photos were erased.\n"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_erase_each_photo_once(clock):
    for _ in range(4):
        make_photo(make_traveler(), replaced_at=ago(clock, 91))

    counts = at_once([forget_photos] * 3)

    assert sum(counts) == 4
    assert Event.objects.filter(verb="photo_erased").count() == 4


# --- Families -----------------------------------------------------------------------------


def family(clock, **values):
    registration = make_registration(people=1, signed_at=ago(clock, 800), **values)
    return registration, registration.people().first()


def withdrawn(registration, at):
    change(registration, status="withdrawn", withdrawn_at=at)
    Member.objects.filter(registration=registration).update(holds_identity=False)


@pytest.mark.parametrize(("days", "erased"), [(366, True), (364, False)])
def test_withdrawn_family(clock, old, days, erased):
    registration, member = family(clock)
    withdrawn(registration, ago(clock, days))

    assert is_erased(old(member.traveler)) == erased


def test_family_that_waits_keeps_its_photos_for_years(clock, old):
    _registration, member = family(clock)

    assert not is_erased(old(member.traveler))


@pytest.mark.parametrize(("days", "erased"), [(366, True), (364, False)])
def test_person_who_left_the_family(clock, old, days, erased):
    _registration, member = family(clock)
    change(member, left_at=ago(clock, days), holds_identity=False)

    assert is_erased(old(member.traveler)) == erased


def decided(clock, days, disposition="nta_parole"):
    """A person about whom an officer decided so many days ago."""
    registration, member = family(clock)
    officer = make_officer()
    make_appointment(registration, status="checked_in", checked_in_by=officer)
    Attendance.objects.update(
        disposition=disposition, disposed_at=ago(clock, days), disposed_by=officer
    )
    change(registration.appointments.get(), status="completed", ended_at=ago(clock, days))
    return member


@pytest.mark.parametrize(
    ("days", "disposition", "erased"),
    [
        (366, "nta_parole", True),
        (364, "nta_parole", False),
        (366, "deceased", True),
        (366, "turned_back", False),
        (366, "medical", False),
        (366, "did_not_come", False),
    ],
)
def test_person_about_whom_was_decided(clock, old, days, disposition, erased):
    member = decided(clock, days, disposition)

    assert is_erased(old(member.traveler)) == erased


def test_person_who_signed_again_since(clock, old):
    member = decided(clock, 366)
    Registration.objects.update(signed_at=ago(clock, 10))

    assert not is_erased(old(member.traveler))


def test_person_with_another_appointment_to_come(clock, old):
    member = decided(clock, 366)
    make_appointment(member.registration)

    assert not is_erased(old(member.traveler))


def test_walk_in_who_is_on_the_board(clock, old):
    registration, member = family(clock)
    withdrawn(registration, ago(clock, 366))
    make_walk_in(registration=registration)

    assert not is_erased(old(member.traveler))


def test_photo_sent_lately_outlives_a_case_of_long_ago(clock):
    registration, member = family(clock)
    withdrawn(registration, ago(clock, 366))

    assert not is_erased(make_photo(member.traveler, added_at=ago(clock, 300)))


# --- Parole -------------------------------------------------------------------------------


def case(clock, status, days):
    """A person whose case has had this status for so many days."""
    row = make_beneficiary(status="ata_pending", photo=False)
    later, clock.at = clock.at, ago(clock, days)
    if status != "ata_pending":
        values = {"closed_at": clock.at} if status == "closed" else {}
        move(row, to=status, verb="case_closed", **values)
    clock.at = later
    return row.traveler


@pytest.mark.parametrize(
    ("status", "days", "erased"),
    [
        ("closed", 366, True),
        ("closed", 364, False),
        ("ata_denied", 366, True),
        ("ata_pending", 366, False),
    ],
)
def test_case_that_ended(clock, old, status, days, erased):
    traveler = case(clock, status, days)

    assert is_erased(old(traveler)) == erased


def test_end_that_nobody_recorded_does_not_count(old):
    row = make_beneficiary(status="ata_denied", photo=False)

    assert not is_erased(old(row.traveler))


def test_look_at_a_case_that_ended_does_not_keep_its_photo(clock, old):
    traveler = case(clock, "ata_denied", 366)
    record("viewed", on=traveler.beneficiary)

    assert is_erased(old(traveler))


# --- Nobody is shown one ------------------------------------------------------------------


def test_erased_photo_is_found_by_no_page(clock, old, client):
    registration, member = family(clock)
    photo = old(member.traveler)
    owner = registration.owner
    assert photos_visible_to(owner).get() == photo
    withdrawn(registration, ago(clock, 366))

    forget_photos()

    client.force_login(owner)
    assert current_photo(member.traveler) is None
    assert not photos_visible_to(owner).exists()
    assert client.get(f"/photos/{photo.reference}/").status_code == 404
    assert client.get(f"/photos/{photo.reference}/thumb/").status_code == 404
