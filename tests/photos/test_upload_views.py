"""Pieces from phones: the answers, how often the same is asked, and what a ticket is good for."""

import hashlib
import logging
import time
from uuid import uuid4

import pytest
from django.test import Client

from cbpone.audit.models import Event
from cbpone.photos import opening, receiving, storing
from cbpone.photos.models import Photo, Upload, UploadPiece
from cbpone.photos.pipeline import Busy, CleanPhoto, Damaged
from cbpone.photos.statuses import MAX_BYTES
from cbpone.photos.tickets import make_ticket
from officers.photo_review import ask_another
from tests.breaking import change
from tests.browser.steps import portrait
from tests.factories import make_registration, make_traveler, make_user
from tests.factories.office_photos import make_photo_reviewer
from tests.factories.uploads import make_link, make_upload
from tests.parole.casework import make_claimed
from tests.photos.senders import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    return make_registration(people=2)


@pytest.fixture
def traveler(family):
    return family.people().first().traveler


@pytest.fixture
def phone(traveler, family):
    return Phone(traveler, family.owner)


def told(response) -> tuple[int, dict]:
    return response.status_code, response.json()


def photos_of(traveler):
    return Photo.objects.filter(traveler=traveler)


def dark(data):
    digest = hashlib.sha256(data).hexdigest()
    findings = ("face_not_found", "too_dark", "blurry")
    return CleanPhoto(portrait(), 600, 800, "JPEG", digest, True, "yunet", findings)


# --- The way ------------------------------------------------------------------------------


def test_picture_in_pieces_is_kept_and_says_where_to_go_on(phone, traveler, family):
    end = len(phone.data)

    assert told(phone.begin()) == (200, {"state": "receiving", "have": 0})
    assert told(phone.send(0, 1000)) == (200, {"state": "receiving", "have": 1000})
    status, answer = told(phone.send(1000))

    page = f"/registration/people/{traveler.reference}/photo/?sent=1"
    assert (status, answer["state"], answer["have"]) == (200, "kept", end)
    assert (answer["page"], answer["after"], answer["hints"]) == (page, "/registration/", [])
    photo = photos_of(traveler).get()
    assert (photo.added_by, photo.language) == (family.owner, "en")
    assert Event.objects.get(verb="photo_added").case == family.reference
    assert not UploadPiece.objects.exists()
    assert phone.look().json() == answer


def test_answers_are_private_and_never_stored(phone):
    response = phone.begin()

    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "application/json"


def test_kept_tells_two_hints_in_the_language_of_the_ticket(phone, monkeypatch):
    monkeypatch.setattr(storing, "clean", dark)

    hints = phone.send_all().json()["hints"]

    assert [hint["code"] for hint in hints] == ["face_not_found", "damaged"]
    assert hints[0]["words"].startswith("Our computer did not find a face.")


def test_photo_sent_undoes_the_choice_of_the_port(phone, traveler):
    assert traveler.member.photo_at_port

    phone.send_all()

    traveler.member.refresh_from_db()
    assert not traveler.member.photo_at_port


def test_photo_moves_the_case_of_a_beneficiary_on():
    case = make_claimed()

    answer = Phone(case.traveler, case.user).send_all().json()

    assert answer["page"] == f"/cases/{case.reference}/photo/?sent=1"
    assert photos_of(case.traveler).count() == 1


# --- The same again -----------------------------------------------------------------------


def test_everything_asked_twice_is_stored_once(phone, traveler):
    for _twice in range(2):
        phone.begin()
    for _twice in range(2):
        assert phone.send(0, 500).json() == {"state": "receiving", "have": 500}
    assert UploadPiece.objects.count() == 1

    answers = [phone.send(500).json(), phone.send(500).json(), phone.begin().json()]

    assert {answer["state"] for answer in answers} == {"kept"}
    assert photos_of(traveler).count() == 1
    assert Event.objects.filter(verb="photo_added").count() == 1


@pytest.mark.parametrize(("start", "end"), [(200, 900), (0, 900), (500, 900)])
def test_piece_that_overlaps_adds_what_is_new(phone, start, end):
    phone.begin()
    phone.send(0, 500)

    assert phone.send(start, end).json() == {"state": "receiving", "have": 900}
    assert phone.send(900).json()["state"] == "kept"


def test_piece_beyond_what_is_here_is_told_where_to_go_on(phone):
    phone.begin()
    phone.send(0, 500)

    assert told(phone.send(700, 900)) == (409, {"state": "receiving", "have": 500})


@pytest.mark.parametrize("offset", ["", "-1", "x", "1.5", "٣", "9" * 12])
def test_piece_without_a_place_is_told_where_to_go_on(phone, offset):
    phone.begin()
    headers = {"photo-ticket": phone.ticket}
    if offset.isascii():
        headers["upload-offset"] = offset

    response = phone.client.patch(phone.url, b"x", headers=headers)

    assert told(response) == (409, {"state": "receiving", "have": 0})


def test_empty_piece_changes_nothing(phone):
    phone.begin()

    assert phone.send(0, 0).json() == {"state": "receiving", "have": 0}
    assert not UploadPiece.objects.exists()


def test_picture_that_is_the_photo_already_is_kept_without_a_byte(phone, traveler, family):
    phone.send_all()
    again = Phone(traveler, family.owner)
    change(traveler.member, photo_at_port=True)

    answer = again.begin().json()

    assert (answer["state"], answer["have"]) == ("kept", len(again.data))
    assert photos_of(traveler).count() == 1
    traveler.member.refresh_from_db()
    assert not traveler.member.photo_at_port


def test_same_picture_once_more_is_refused_while_another_is_asked_for(phone, traveler, family):
    phone.send_all()
    reviewer = make_photo_reviewer()
    photo = photos_of(traveler).get()
    change(photo, taken_by=reviewer, taken_at=photo.added_at)
    photo.refresh_from_db()
    ask_another(photo=photo, advice="dark", by=reviewer)

    answer = Phone(traveler, family.owner).begin().json()

    assert (answer["state"], answer["code"]) == ("refused", "same_picture")
    assert photos_of(traveler).count() == 1


def test_id_of_another_picture_is_not_taken(phone, traveler, family):
    phone.begin()

    assert told(phone.begin(size=5)) == (409, {"state": "other"})
    assert told(phone.begin(sha256="0" * 64)) == (409, {"state": "other"})
    sibling = Phone(family.people()[1].traveler, family.owner)
    sibling.uuid = phone.uuid
    assert told(sibling.begin()) == (409, {"state": "other"})
    assert sibling.look().status_code == 404
    assert Upload.objects.count() == 1


def test_id_that_was_given_up_begins_anew(phone):
    phone.begin()
    receiving.give_up(Upload.objects.get())

    assert told(phone.begin()) == (409, {"state": "other"})
    assert phone.look().json() == {"state": "other"}


# --- What comes wrong ---------------------------------------------------------------------


def test_bytes_changed_on_the_way_are_sent_again(phone):
    phone.begin()
    phone.send(0, 500)
    broken = bytes(len(phone.data) - 500)

    assert phone.send(500, data=broken).json() == {"state": "receiving", "have": 0}
    assert not UploadPiece.objects.exists()
    assert phone.send().json()["state"] == "kept"


def test_more_bytes_than_announced_are_not_taken(phone):
    phone.begin()

    response = phone.send(0, data=phone.data + b"x")

    assert told(response) == (409, {"state": "other"})
    assert not UploadPiece.objects.exists()


def test_piece_that_is_too_large_is_told_so(phone):
    phone.begin(size=5_000_000, sha256="0" * 64)

    assert told(phone.send(data=bytes(1_048_577), at=0)) == (413, {"state": "too_large"})
    assert phone.send(data=bytes(1_048_576), at=0).json()["have"] == 1_048_576


def test_picture_that_is_too_large_is_refused_in_words(phone, traveler, family):
    status, answer = told(phone.begin(size=MAX_BYTES + 1))

    assert (status, answer["state"], answer["code"]) == (413, "refused", "too_large_file")
    assert "larger than 25 MB" in answer["words"]
    event = Event.objects.get(verb="photo_refused")
    assert (event.case, event.note) == (family.reference, "too_large_file")
    assert event.by == family.owner
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "?size=0&sha256=" + "0" * 64, "?size=x&sha256=" + "0" * 64, "?size=5&sha256=zz"]
)
def test_begin_without_size_and_hash_begins_nothing(phone, query):
    assert phone.ask("put", phone.url + query).status_code == 400
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"<html>not a picture</html>", "not_an_image"), (portrait()[:300], "damaged")],
)
def test_file_that_cannot_be_opened_is_refused_and_nothing_of_it_stays(
    traveler, family, data, code
):
    phone = Phone(traveler, family.owner, data=data)

    status, answer = told(phone.send_all())

    assert (status, answer["state"], answer["code"]) == (200, "refused", code)
    assert "Everything you saved is safe." in answer["words"]
    event = Event.objects.get(verb="photo_refused")
    assert (event.case, event.note, event.before) == (family.reference, code, "")
    assert not UploadPiece.objects.exists()
    assert not photos_of(traveler).exists()
    assert phone.look().json() == answer


def test_damage_that_the_hash_confirms_is_no_loss_on_the_way(phone, monkeypatch):
    def clean(data):
        raise Damaged

    monkeypatch.setattr(storing, "clean", clean)

    assert phone.send_all().json()["code"] == "damaged"


def test_busy_is_no_refusal(phone, traveler, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(storing, "clean", lambda data: (_ for _ in ()).throw(Busy()))
        assert told(phone.send_all()) == (202, {"state": "arrived", "have": len(phone.data)})
    assert not photos_of(traveler).exists()

    assert opening.finish_uploads() == 1

    assert phone.look().json()["state"] == "kept"
    assert opening.finish_uploads() == 0


def test_bug_in_opening_costs_nobody_a_photo(phone, traveler, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        patch.setattr(storing, "clean", lambda data: 1 / 0)
        assert phone.send_all().status_code == 202
        assert "ZeroDivisionError" in caplog.text

    assert phone.look().json()["state"] == "kept"
    assert photos_of(traveler).count() == 1


# --- Whose it is --------------------------------------------------------------------------


@pytest.mark.parametrize("ticket", ["", "nonsense", "a:b:c"])
@pytest.mark.parametrize("method", ["get", "put", "patch"])
def test_wrong_ticket_is_over(phone, ticket, method):
    phone.begin()

    response = phone.ask(method, **{"photo-ticket": ticket})

    assert (response.status_code, response.json()["state"]) == (403, "ended")
    assert "Everything you saved is safe." in response.json()["words"]


def test_ticket_outlives_the_session_and_ends_after_a_week(phone, family, settings, monkeypatch):
    phone.begin()
    week = settings.UPLOAD_TICKET_DAYS * 86_400
    now = time.time()

    monkeypatch.setattr("time.time", lambda: now + week - 60)
    assert phone.look().status_code == 200
    monkeypatch.setattr("time.time", lambda: now + week + 60)
    assert phone.look().json()["state"] == "ended"
    phone.client.force_login(make_user())
    assert phone.look().json()["state"] == "ended"
    phone.client.force_login(family.owner)  # whoever is signed in as its user needs no date
    assert phone.look().status_code == 200


def test_ticket_of_somebody_who_may_no_longer_sign_in_is_over(phone, family):
    change(family.owner, is_active=False)

    assert phone.begin().json()["state"] == "ended"


def test_ticket_of_another_account_finds_nothing(phone, traveler):
    phone.begin()
    stranger = Phone(traveler, make_user())
    stranger.uuid = phone.uuid

    assert stranger.look().status_code == 404
    assert stranger.send(0, 10).status_code == 404
    assert told(stranger.begin()) == (409, {"state": "other"})
    stranger.uuid = uuid4()
    assert (stranger.begin().status_code, stranger.begin().json()["state"]) == (403, "closed")


@pytest.mark.parametrize("how", ["left", "withdrawn", "nobody"])
def test_case_that_takes_no_photo_is_closed(phone, family, traveler, how, clock):
    if how == "left":
        change(traveler.member, left_at=clock.at, holds_identity=False)
    elif how == "withdrawn":
        change(family, status="withdrawn", withdrawn_at=clock.at)
    else:
        phone = Phone(make_traveler(), family.owner)

    status, answer = told(phone.begin())

    assert (status, answer["state"]) == (403, "closed")
    assert "Everything you saved is safe." in answer["words"]
    assert not Upload.objects.exists()


def test_case_closed_while_the_picture_came_takes_no_photo(phone, family, traveler, clock):
    phone.begin()
    phone.send(0, 500)
    change(family, status="withdrawn", withdrawn_at=clock.at)

    status, answer = told(phone.send(500))

    assert (status, answer["state"]) == (403, "closed")
    assert not photos_of(traveler).exists()
    assert not UploadPiece.objects.exists()
    assert phone.look().json()["state"] == "closed"


def test_answer_after_the_case_was_closed_still_says_kept(phone, family, clock):
    phone.send_all()
    change(family, status="withdrawn", withdrawn_at=clock.at)

    answer = phone.begin().json()

    assert (answer["state"], answer["page"]) == ("kept", "/case/?sent=1")


def test_unknown_id_is_not_found(phone):
    assert phone.look().status_code == 404
    assert phone.send().status_code == 404


@pytest.mark.parametrize("method", ["post", "delete", "head"])
def test_other_methods_are_not_taken(phone, method):
    assert phone.ask(method).status_code == 405


def test_link_of_a_phone_is_noted_with_what_it_sent(traveler, family):
    link = make_link(traveler, family.owner)

    answer = Phone(traveler, family.owner, link=link).send_all().json()

    assert Upload.objects.get().link == link
    assert answer["page"] == f"/p/{link.code}/?sent=1"
    assert photos_of(traveler).get().added_by == family.owner


# --- Limits, logs and figures -------------------------------------------------------------


def test_oldest_unfinished_pictures_give_way(phone, family, monkeypatch, clock):
    monkeypatch.setattr(receiving, "MOST_OPEN", 3)
    rows = []
    for _n in range(3):
        clock.forward(seconds=1)
        rows.append(make_upload(user=family.owner, heard_at=clock.at))

    phone.begin()

    open_now = set(Upload.objects.filter(status="receiving").values_list("reference", flat=True))
    assert open_now == {phone.uuid, rows[1].reference, rows[2].reference}


def test_many_pictures_in_an_hour_wait_and_are_not_refused(phone, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_BEGUN", 1)
    phone.begin()
    phone.uuid = uuid4()

    status, answer = told(phone.begin())

    assert (status, answer["state"]) == (429, "later")


def test_log_holds_neither_ticket_nor_bytes(phone, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(storing, "clean", lambda data: 1 / 0)

    phone.send_all()
    Client().get(phone.url, headers={"photo-ticket": phone.ticket + "x"})
    Client().get("/photos/send/")

    assert "could not be opened" in caplog.text
    assert phone.ticket not in caplog.text
    assert phone.ticket.partition(":")[0] not in caplog.text


def test_ticket_says_nothing_but_references(traveler, family):
    ticket = make_ticket(user=family.owner, traveler=traveler)

    assert family.owner.email not in ticket
    assert len(ticket) < 300


@pytest.mark.parametrize("pieces", [1, 4])
def test_queries_of_a_piece_are_few_and_do_not_grow(phone, pieces, django_assert_max_num_queries):
    phone.begin()
    for at in range(pieces):
        phone.send(at * 10, at * 10 + 10)

    with django_assert_max_num_queries(9):
        phone.send(pieces * 10, pieces * 10 + 10)
    with django_assert_max_num_queries(3):
        phone.look()
