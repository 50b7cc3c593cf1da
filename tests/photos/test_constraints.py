from itertools import product

import pytest

from cbpone.lib import clock as the_clock
from cbpone.photos.statuses import (
    MAX_BYTES,
    PHOTO_MOVES,
    UPLOAD_MOVES,
    Advice,
    PhotoStatus,
    UploadStatus,
)
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses, is_refused
from tests.factories import make_photo, make_traveler
from tests.factories.office_photos import make_photo_reviewer, photo_facts
from tests.factories.uploads import make_link, make_piece, make_upload

pytestmark = pytest.mark.django_db


def two_current():
    traveler = make_traveler()
    make_photo(traveler)
    make_photo(traveler)


def photo(status="waiting", **values):
    return make_photo(make_traveler(), **photo_facts(status) | values)


def unknown():
    return make_photo(make_traveler(), **photo_facts("good") | {"status": "refused"})


def gone():
    now = the_clock.now()
    return photo(replaced_at=now, erased_at=now)


def same_piece_twice():
    upload = make_upload()
    make_piece(upload)
    make_piece(upload)


SIZED, WHOLE = "upload_size_possible", "upload_arrived_is_whole"
ADVISED = "photo_advice_goes_with_another"
TAKEN, JUDGED = "photo_taken_has_who_and_when", "photo_judged_has_who_and_when"
BREAKS = [
    ("photo_status_known", unknown),
    (ADVISED, lambda: photo("another", advice="")),
    (ADVISED, lambda: photo("another", advice="ugly")),
    (ADVISED, lambda: photo("good", advice="dark")),
    (ADVISED, lambda: photo("at_port", advice="dark")),
    (ADVISED, lambda: photo(advice="dark")),
    (TAKEN, lambda: photo(taken_by=make_photo_reviewer())),
    (TAKEN, lambda: photo(taken_at=the_clock.now())),
    (JUDGED, lambda: photo(judged_by=make_photo_reviewer())),
    (JUDGED, lambda: photo(judged_at=the_clock.now())),
    (JUDGED, lambda: photo("good", judged_by=None)),
    (JUDGED, lambda: photo("another", judged_at=None)),
    (JUDGED, lambda: photo("at_port", judged_by=None, judged_at=None)),
    ("photo_one_current", two_current),
    ("photo_size_possible", lambda: make_photo(make_traveler(), width=99)),
    ("photo_size_possible", lambda: make_photo(make_traveler(), height=1201)),
    ("photo_erased_is_replaced", lambda: photo(erased_at=the_clock.now())),
    ("photo_findings_known", lambda: photo(checked_by="yunet", findings=["ugly"])),
    ("photo_findings_need_a_check", lambda: photo(findings=["too_dark"])),
    ("photo_browser_known", lambda: photo(browser="mosaic")),
    (f"upload_status_known|{WHOLE}", lambda: make_upload(status="lost")),
    ("upload_browser_known", lambda: make_upload(browser="mosaic")),
    (f"{SIZED}|{WHOLE}", lambda: make_upload(size=0)),
    (SIZED, lambda: make_upload(size=MAX_BYTES + 1)),
    (f"{SIZED}|{WHOLE}", lambda: make_upload(have=101)),
    (WHOLE, lambda: make_upload(status="arrived", have=99)),
    (WHOLE, lambda: make_upload(status="kept", have=99)),
    (WHOLE, lambda: make_upload(have=100)),
    (WHOLE, lambda: make_upload(status="abandoned", have=100)),
    ("upload_kept_has_photo", lambda: make_upload(status="kept", photo=None)),
    ("upload_kept_has_photo", lambda: make_upload(status="arrived", photo=photo())),
    ("upload_refused_has_reason", lambda: make_upload(status="arrived", refusal="damaged")),
    ("upload_refused_has_reason", lambda: change(make_upload(status="refused"), refusal="")),
    ("upload_ended_has_time", lambda: make_upload(ended_at=the_clock.now())),
    ("upload_ended_has_time", lambda: make_upload(status="refused", ended_at=None)),
    ("upload_piece_once", same_piece_twice),
    ("upload_piece_has_bytes", lambda: make_piece(make_upload(), data=b"")),
    ("phone_link_ends_after_it_is_made", lambda: make_link(minutes=0)),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)


STANDS, AS_SENT = "photos_photo.replaced_at_set_once", "photos_photo.as_sent"
ENDED, MOVES = "photos_upload.ended_at_set_once", "photos_upload.status_moves"
REFUSED = {"status": "refused", "have": 100, "refusal": "damaged"}
LINK = "photos_phonelink.closed_at_set_once"
TRIPS = [
    (STANDS, lambda: change(photo(replaced_at=the_clock.now()), replaced_at=None)),
    (STANDS, lambda: change(photo(), traveler=make_traveler())),
    (STANDS, lambda: change(photo(), file="photos/ab/other.jpg")),
    (STANDS, lambda: change(gone(), erased_at=None)),
    ("photos_photo.status_moves", lambda: change(photo("good"), **photo_facts("another"))),
    (AS_SENT, lambda: change(photo(), source_sha256="1" * 64)),
    (AS_SENT, lambda: change(photo(), checked_by="yunet")),
    (AS_SENT, lambda: change(photo(checked_by="yunet"), findings=["blurry"])),
    (ENDED, lambda: change(make_upload(status="refused"), ended_at=the_clock.now())),
    (ENDED, lambda: change(make_upload(status="kept"), photo=photo())),
    (ENDED, lambda: change(make_upload(), size=200)),
    (ENDED, lambda: change(make_upload(), sha256="1" * 64)),
    (ENDED, lambda: change(make_upload(), traveler=make_traveler())),
    (ENDED, lambda: change(make_upload(), user=make_photo_reviewer())),
    (MOVES, lambda: change(make_upload(), **REFUSED)),
    (LINK, lambda: change(make_link(closed_at=the_clock.now()), closed_at=None)),
    (LINK, lambda: change(make_link(opened_at=the_clock.now()), opened_at=None)),
    (LINK, lambda: change(make_link(), traveler=make_traveler())),
    (LINK, lambda: change(make_link(), made_by=make_photo_reviewer())),
    (LINK, lambda: change(make_link(), digest="1" * 64)),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_value_that_stands_is_refused_a_change(trigger, attempt):
    check_trips(trigger, attempt)


def test_constraints_let_a_replaced_photo_be(clock):
    traveler = make_traveler()
    make_photo(traveler, replaced_at=clock.at)

    make_photo(traveler)

    assert traveler.photos.count() == 2


PAIRS = [(a, b) for a, b in product(PhotoStatus.values, repeat=2) if a != b]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_photo_moves_only_along_the_table(before, after):
    row = photo(before)
    facts = {"advice": "", "judged_by": None, "judged_at": None} | photo_facts(after)

    refused = is_refused(lambda: change(row, **facts))

    row.refresh_from_db()
    assert refused == (after not in PHOTO_MOVES[before])
    assert row.status == (before if refused else after)


UPLOAD_PAIRS = [(a, b) for a, b in product(UploadStatus.values, repeat=2) if a != b]


@pytest.mark.parametrize(("before", "after"), UPLOAD_PAIRS)
def test_upload_moves_only_along_the_table(before, after):
    row = make_upload(status=before)
    wanted = make_upload(status=after, traveler=row.traveler)
    facts = {name: getattr(wanted, name) for name in ("have", "photo", "refusal", "ended_at")}

    refused = is_refused(lambda: change(row, status=after, **facts))

    assert refused == (after not in UPLOAD_MOVES[before])


def test_tables_name_every_status():
    assert set(PHOTO_MOVES) == set(PhotoStatus.values)
    assert set(UPLOAD_MOVES) == set(UploadStatus.values)


@pytest.mark.parametrize("advice", Advice.values)
def test_advice_speaks_of_what_can_be_done(advice):
    row = photo("another", advice=advice)

    row.refresh_from_db()
    assert row.get_advice_display().endswith(".")
