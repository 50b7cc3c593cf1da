"""Photo, papers, signature and sending; where a case stands, and who may look."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.photos import storing
from cbpone.photos.tickets import make_ticket
from parole import steps
from parole.questions.cases import CASE
from tests.breaking import change
from tests.factories import (
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_photo,
    make_travel_officer,
    make_user,
)
from tests.facts import events
from tests.parole.casework import (
    ANSWERS,
    SIGNATURE,
    add_paper,
    day,
    fresh,
    make_answered,
    make_claimed,
    page,
    picture,
    send_files,
    url,
)
from tests.photos.senders import send_form

pytestmark = pytest.mark.django_db
CHILD = date(2015, 6, 1)


@pytest.fixture
def mine(client):
    row = make_claimed()
    client.force_login(row.user)
    return row


@pytest.fixture
def answered(client):
    row = make_answered()
    client.force_login(row.user)
    return row


# --- Photo and papers -----------------------------------------------------------------------


def test_photo_that_comes_after_the_case_was_sent_replaces_nothing(client, mine, monkeypatch):
    """Cleaning a picture takes a while: in another tab, everything was sent meanwhile."""
    kept = make_photo(mine.traveler)
    clean = storing.clean

    def clean_slowly(data):
        change(mine, attested_at=clock.now(), submitted_at=clock.now())
        for status in ("details_confirmed", "attested", "photo_submitted", "ata_pending"):
            change(mine, status=status)
        return clean(data)

    monkeypatch.setattr(storing, "clean", clean_slowly)

    send_form(client, mine.traveler, mine.user)

    assert storing.current_photo(mine.traveler) == kept


def test_history_tells_that_everything_was_ready_and_who_acted(client, answered):
    send_files(answered)
    client.post(url(answered, "check/"), SIGNATURE)
    inviter = answered.request.owner
    record(Verb.INVITED, on=answered, by=inviter)

    text = client.get(url(answered, "history/")).content.decode()

    assert "got everything ready to send" in text
    assert "sent a photo" not in text
    assert "Your supporter" in text
    assert inviter.email not in text


@pytest.mark.parametrize("field", ["camera", "photo"])
def test_photo_is_stored_and_shown_to_its_person_alone(client, mine, field):
    answer = send_form(client, mine.traveler, mine.user, field=field)

    photo = mine.traveler.photos.get(replaced_at=None)
    assert answer.url == url(mine, "photo/?sent=1")
    assert "We have the photo" in client.get(answer.url).content.decode()
    assert client.get(f"/photos/{photo.reference}/").status_code == 200
    assert events(mine) == [("photo_added", "", "", mine.user_id)]
    client.force_login(mine.request.owner)
    assert client.get(f"/photos/{photo.reference}/").status_code == 404


def test_photo_that_is_none_is_told_beside_its_field(client, mine):
    ticket = make_ticket(user=mine.user, traveler=mine.traveler)

    broken = send_form(client, mine.traveler, mine.user, data=b"<html>", field="camera")
    nothing = client.post("/photos/send/", {"ticket": ticket})

    assert list(client.get(broken.url).context["form"].errors) == ["camera"]
    assert client.get(nothing.url).context["form"].errors == {"photo": ["Choose a photo."]}
    assert not mine.traveler.photos.exists()


def test_photo_after_the_signature_moves_the_case_on(client, answered):
    steps.attest(beneficiary=answered, name="Marie Joseph", by=answered.user)
    add_paper(answered)

    send_form(client, answered.traveler, answered.user)

    assert fresh(answered).status == "photo_submitted"


def test_passport_page_is_stored_shown_and_can_be_taken_out(client, mine):
    client.post(url(mine, "passport/"), {"file": picture("passport.jpg")})

    paper = mine.papers.current().get()
    assert (paper.kind, paper.name, paper.format) == ("passport", "passport.jpg", "JPEG")
    assert "passport.jpg" in client.get(url(mine, "passport/")).content.decode()
    assert client.post(f"/papers/{paper.reference}/remove/").url == url(mine, "passport/")
    assert not mine.papers.current().exists()


def test_passport_page_that_is_no_paper_is_told(client, mine):
    broken = SimpleUploadedFile("x.pdf", b"nothing")

    shown = client.post(url(mine, "passport/"), {"file": broken}).content.decode()

    assert "We cannot open this kind of file" in shown


def test_proof_of_a_child_is_stored_apart(client, mine):
    child = make_claimed(mine.user, born=CHILD)

    client.post(url(child, "relationship/"), {"file": picture()})

    assert child.papers.current().get().kind == "relationship"


# --- Signature and sending ------------------------------------------------------------------


def test_check_without_a_name_signs_nothing(client, answered):
    shown = client.post(url(answered, "check/"), SIGNATURE | {"name": " \u200b"})

    assert shown.context["form"].errors["name"]
    assert fresh(answered).attested_at is None


def test_send_shows_what_is_in_the_way_and_sends_nothing(client, answered):
    send_files(answered)
    steps.attest(beneficiary=answered, name="Marie Joseph", by=answered.user)
    answered.traveler.document_expires_on = date(2020, 1, 1)
    answered.traveler.save()

    shown = client.get(url(answered, "send/")).content.decode()
    client.post(url(answered, "send/"))

    assert "The passport has run out" in shown
    assert "Send to the officers</button>" not in shown
    assert fresh(answered).status == "photo_submitted"


def test_case_sent_back_shows_the_officers_sentence_and_goes_again(client):
    row = make_beneficiary(status="photo_submitted", sent_back_note="The page is not sharp.")
    client.force_login(row.user)
    row.traveler.marital_status = "single"
    row.traveler.save()
    add_paper(row)

    assert "The page is not sharp." in client.get(url(row)).content.decode()
    client.post(url(row, "send/"))

    assert fresh(row).status == "ata_pending"
    assert "The page is not sharp." not in client.get(url(row)).content.decode()


@pytest.mark.parametrize("tail", ["pages/details/", "photo/", "passport/", "check/", "send/"])
def test_page_of_a_case_the_officers_have_changes_nothing(client, tail):
    row = make_beneficiary(status="ata_pending")
    client.force_login(row.user)
    before = row.traveler.given_names

    assert client.get(url(row, tail)).url == url(row)
    if tail != "photo/":
        assert client.post(url(row, tail), ANSWERS["details"]).url == url(row)

    row = fresh(row)
    assert (row.status, row.traveler.given_names, events(row)) == ("ata_pending", before, [])


# --- Where it stands ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: make_beneficiary(status="ata_pending"), "Officers look at what you sent"),
        (lambda: make_authorization().beneficiary, "You may travel"),
        (lambda: make_authorization(status="expired").beneficiary, "Ask for another authorization"),
        (lambda: make_authorization(status="cancelled").beneficiary, "cancelled the authorization"),
        (
            lambda: make_beneficiary(status="ata_denied", denial_reason="passport"),
            "passport is not valid",
        ),
        (lambda: make_arrival().authorization.beneficiary, "decides about parole"),
        (lambda: make_arrival(decided=True).authorization.beneficiary, "Open the I-94 record"),
        (lambda: make_beneficiary(make_user(), status="closed"), "request that this case"),
    ],
)
def test_case_says_where_it_stands(client, make, words):
    row = make()
    client.force_login(row.user)

    assert words in client.get(url(row)).content.decode()


def test_case_in_the_queue_names_its_place(client, clock):
    officer = make_travel_officer()
    rows = [make_beneficiary(status="ata_pending") for _ in range(3)]
    for row in rows:
        clock.forward(minutes=1)
        row.queued_at, row.queued_by = clock.at, officer
        row.save()
    client.force_login(rows[1].user)

    assert "number 2 of those who wait" in client.get(url(rows[1])).content.decode()


def test_ask_again_by_one_press(client):
    row = make_authorization(status="expired").beneficiary
    client.force_login(row.user)

    assert client.get(url(row, "ask-again/")).status_code == 405
    assert client.post(url(row, "ask-again/")).url == url(row)

    assert fresh(row).status == "ata_pending"


def test_cases_lists_those_of_children_too(client, mine):
    assert client.get("/cases/").url == url(mine)
    child = make_claimed(mine.user, born=CHILD)

    shown = client.get("/cases/").content.decode()

    assert mine.reference in shown
    assert child.reference in shown


def test_history_tells_steps_and_names_no_officer(client, mine):
    officer = make_travel_officer(name="Jane Officer")
    client.post(page(mine, "where"), ANSWERS["where"])
    Event.objects.create(
        verb="correction_judged", model="parole.beneficiary", row_id="1", case=mine.reference
    )
    Event.objects.create(
        verb="viewed", model="parole.beneficiary", row_id="1", case=mine.reference, by=officer
    )

    shown = client.get(url(mine, "history/")).content.decode()

    assert "You saved a page: Where you live" in shown
    assert "An officer looked at this" in shown
    assert "Jane" not in shown
    assert "judged" not in shown


# --- Strangers ------------------------------------------------------------------------------

TAILS = ["", "pages/details/", "photo/", "passport/", "relationship/", "check/", "send/",
         "ask-again/", "history/"]  # fmt: skip


@pytest.mark.parametrize("tail", TAILS)
def test_stranger_supporter_and_officer_find_no_case(client, tail):
    row = make_claimed(born=CHILD)

    for user in (make_user(), row.request.owner, make_travel_officer()):
        client.force_login(user)
        if tail != "ask-again/":
            assert client.get(url(row, tail)).status_code == 404
            assert client.get(url(row, tail).replace(row.reference, "B-2222")).status_code == 404
        if tail not in ("", "history/", "photo/"):
            assert client.post(url(row, tail), ANSWERS["details"]).status_code == 404

    assert events(row) == []


def test_supporter_never_sees_what_the_person_corrected(client, mine):
    secret = {
        "details": {"given_names": "Zwxyqa", "surnames": "Zwxyqb", "birth_city": "Zwxyqc"}
        | day("birth_date", 9, 9, 1989),
        "passport": {"document_number": "ZWXYQ77"},
        "where": {"street": "Zwxyqd 5", "phone": "+50930303030", "country": "DO"},
        "family": {"family_left": "Zwxyqe"},
    }
    for key, answers in secret.items():
        client.post(page(mine, key), ANSWERS[key] | answers)
    assert fresh(mine).corrections.count() == 7
    client.force_login(mine.request.owner)
    reference = mine.request.reference

    paths = ["", "print/", "history/", "check/", "papers/", "withdraw/", "address/"]
    pages = [f"/support/requests/{reference}/{tail}" for tail in paths]
    for path in [*pages, "/support/requests/", "/case/", "/messages/"]:
        shown = client.get(path, follow=True).content.decode().lower()
        assert "zwxyq" not in shown, path
        for word in ("1989", "50930303030", "corrected a detail", mine.reference.lower()):
            assert word not in shown, path


# --- Numbers of queries ---------------------------------------------------------------------


def count_queries(client, path) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_cases_asks_as_often_for_three_as_for_two(client, mine):
    make_claimed(mine.user)
    two = count_queries(client, "/cases/")
    make_claimed(mine.user)

    assert count_queries(client, "/cases/") == two


@pytest.mark.parametrize("tail", ["", "check/", "history/", "passport/"])
def test_case_asks_as_often_however_much_is_stored(client, answered, tail):
    send_files(answered)
    few = count_queries(client, url(answered, tail))
    add_paper(answered)
    add_paper(answered)
    make_photo(make_claimed().traveler)
    for key in CASE:
        Event.objects.create(
            verb="saved", note=key, model="parole.beneficiary", row_id="1",
            case=answered.reference, by=answered.user,
        )  # fmt: skip

    assert count_queries(client, url(answered, tail)) == few
    assert few < 25
