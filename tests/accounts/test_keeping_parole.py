"""A sign-in that ends on the pages of parole: answers, lists, signatures, papers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cbpone.accounts import keeping
from cbpone.accounts.models import KeptFile, KeptForm
from parole.models import Paper, ParolePage, SupportRequest
from tests.accounts.sessions import come_back, end_sign_in, press_too_late, signed_in
from tests.factories import make_request
from tests.parole import pdfs
from tests.parole.casework import make_claimed
from tests.parole.drafts import make_ready
from tests.parole.rows import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def supporter(client, applicant):
    signed_in(client, applicant)
    return applicant


def of(request, more="") -> str:
    return f"/support/requests/{request.reference}/{more}"


def a_pdf(name="lease.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdfs.pdf(), "application/pdf")


def test_page_of_a_supporter_comes_back_as_typed(client, supporter):
    mine = make_ready(supporter)
    url, typed = of(mine, "pages/address/"), {"street": "12 Elm Street", "city": "Duluth"}
    kept = press_too_late(client, url, typed)

    page = come_back(client, kept)

    assert 'value="12 Elm Street"' in page
    assert "Here is what you typed." in page
    assert not ParolePage.objects.filter(typed__street=["12 Elm Street"]).exists()


def test_text_kept_before_gives_way_to_what_was_typed_last(client, supporter):
    mine = make_ready(supporter)
    url = of(mine, "pages/address/")
    client.post(url, {"city": "older words"})
    kept = press_too_late(client, url, {"city": "newest words"})

    page = come_back(client, kept)

    assert "newest words" in page
    assert "older words" not in page


def test_social_security_number_is_typed_again(client, supporter):
    mine = make_ready(supporter)
    key = "status"
    typed = {"status": "citizen", "has_ssn": "yes", "ssn": "123-45-6789"}
    kept = press_too_late(client, of(mine, f"pages/{key}/"), typed)

    page = come_back(client, kept)

    assert "6789" not in page
    assert "Some numbers and codes are never kept. Type them again." in page


def test_page_of_a_beneficiary_comes_back_as_typed(client, supporter):
    row = make_claimed(supporter)
    url = f"/cases/{row.reference}/pages/where/"
    kept = press_too_late(client, url, {"street": "Rue du Centre 4", "city": "Jacmel"})

    page = come_back(client, kept)

    assert "Rue du Centre 4" in page
    row.refresh_from_db()
    assert row.street != "Rue du Centre 4"


def test_signature_of_a_request_is_not_given_by_itself(client, supporter):
    mine = make_ready(supporter)
    kept = press_too_late(client, of(mine, "check/"), {"name": "Paul Smith", "true": "on"})

    page = come_back(client, kept)

    assert 'value="Paul Smith"' in page
    assert SupportRequest.objects.get(pk=mine.pk).status == "draft"


@pytest.fixture
def asked(supporter):
    request = make_request(supporter, status="more_info")
    made(request=request, outcome="more_info", reason="income_unproven", letter="Send it.")
    return request


def test_answer_to_an_officer_comes_back_and_is_sent_once(client, asked):
    typed = {"text": "My employer changed in May."}
    kept = press_too_late(client, of(asked, "answer/"), typed)
    page = come_back(client, kept)
    again = keeping.Kept(kept).refilled

    first, second = client.post(again, typed), client.post(again, typed)

    assert "My employer changed in May." in page
    assert (first.status_code, second.status_code) == (302, 303)
    assert second.url == f"/kept/{kept.reference}/"
    assert asked.decisions.get().answer == "My employer changed in May."


def test_answer_is_shown_to_be_copied_when_nothing_is_asked_any_more(client, asked):
    kept = press_too_late(client, of(asked, "answer/"), {"text": "My employer changed in May."})
    asked.decisions.update(answered_at=asked.filed_at, answer="From the other phone.")

    page = come_back(client, kept)

    assert "My employer changed in May." in page
    assert "Your answer was not sent." in page


def test_paper_that_came_too_late_is_stored_by_the_next_press(client, supporter):
    mine = make_ready(supporter)
    url, typed = of(mine, "papers/"), {"kind": "lease"}
    kept = press_too_late(client, url, typed | {"file": a_pdf(), "send": "1"})
    page = come_back(client, kept)
    before = Paper.objects.count()

    response = client.post(keeping.Kept(kept).refilled, typed | {"send": "1"}, follow=True)

    assert "We kept the file lease.pdf" in page
    assert before == 0
    assert "We have lease.pdf." in response.content.decode()
    assert Paper.objects.get().name == "lease.pdf"


def test_another_file_takes_the_place_of_the_kept_one(client, supporter):
    mine = make_ready(supporter)
    kept = press_too_late(client, of(mine, "papers/"), {"file": a_pdf("old.pdf")})
    come_back(client, kept)

    client.post(keeping.Kept(kept).refilled, {"file": a_pdf("new.pdf"), "send": "1"})

    assert [paper.name for paper in Paper.objects.all()] == ["new.pdf"]


def test_name_and_bytes_of_a_kept_file_are_sealed(client, supporter):
    mine = make_ready(supporter)
    press_too_late(client, of(mine, "papers/"), {"file": a_pdf()})

    file = KeptFile.objects.get()
    assert b"lease" not in bytes(file.label)
    assert b"%PDF" not in bytes(file.sealed)
    assert file.as_upload().read() == pdfs.pdf()


def test_file_comes_along_when_the_sign_in_ends_again(client, supporter):
    mine = make_ready(supporter)
    first = press_too_late(client, of(mine, "papers/"), {"file": a_pdf(), "kind": "lease"})
    come_back(client, first)
    end_sign_in(client)

    client.post(keeping.Kept(first).refilled, {"kind": "lease", "send": "1"})

    kept = KeptForm.objects.get()
    assert kept != first
    assert [file.name for file in kept.files.all()] == ["lease.pdf"]


def test_paper_of_a_case_is_stored_by_the_next_press(client, supporter):
    row = make_claimed(supporter)
    kept = press_too_late(client, f"/cases/{row.reference}/passport/", {"file": a_pdf("p.pdf")})
    page = come_back(client, kept)

    client.post(keeping.Kept(kept).refilled, {})

    assert "We kept the file p.pdf" in page
    assert row.papers.get().name == "p.pdf"
