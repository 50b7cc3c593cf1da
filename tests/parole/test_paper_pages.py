"""The page where papers are sent, and one paper as it is served."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from cbpone.audit.models import Event
from parole.choices import PaperKind
from parole.models import Paper, ParolePage
from parole.paper_cleaning import TooLargePaper
from parole.views.papers import take_upload
from tests.factories import (
    make_auditor,
    make_beneficiary,
    make_request,
    make_reviewer,
    make_travel_officer,
    make_user,
)
from tests.parole import pdfs, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(client, applicant):
    """A request of the person who is signed in."""

    def made(**values):
        client.force_login(applicant)
        return make_request(applicant, **values)

    return made


def url_of(request, more=""):
    return f"/support/requests/{request.reference}/papers/{more}"


def upload(data=None, name="Tax return.pdf"):
    return SimpleUploadedFile(name, pdfs.pdf() if data is None else data)


def stored(paper, content=b"%PDF-1.7\n\n%%EOF\n"):
    """The row with a file behind it."""
    paper.file.storage.save(paper.file.name, ContentFile(content))
    return paper


def looks():
    rows = Event.objects.filter(verb="viewed", model="parole.paper").order_by("id")
    return list(rows.values_list("case", "by", "note"))


def page(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_papers_page_says_for_whom_and_that_nothing_must_be_perfect(client, request_of):
    request = request_of()

    shown = page(client.get(url_of(request)))

    assert f"You are filing for {request.beneficiary.written}" in shown
    assert "Nothing has to be perfect" in shown
    assert "You can file without them. But then officers often have to ask" in shown
    assert "Continue without papers" in shown
    assert shown.count('class="button"') == 1


def test_papers_upload_is_stored_and_listed_by_kind(client, request_of):
    request = request_of()

    response = client.post(
        url_of(request), {"kind": "tax_return", "file": upload(), "send": "1"}, follow=True
    )

    assert response.redirect_chain == [(url_of(request), 302)]
    assert Paper.objects.get().request == request
    shown = page(response)
    assert "We have Tax return.pdf." in shown
    assert re.search(r"<h3>Tax return or W-2</h3>.*Tax return.pdf.*1 page, \d+ bytes", shown)
    assert f"/papers/{Paper.objects.get().reference}/remove/" in shown
    assert shown.count('class="button"') == 1


@pytest.mark.parametrize("kind", [{}, {"kind": "passport"}, {"kind": "<script>"}])
def test_papers_upload_without_a_kind_is_not_lost(client, request_of, kind):
    request = request_of()

    client.post(url_of(request), {"file": upload(), "send": "1"} | kind)

    assert Paper.objects.get().kind == "other"


def test_papers_continue_saves_the_page_and_leads_on(client, request_of):
    request = request_of()

    response = client.post(url_of(request), {"continue": "1"})

    assert response.url == f"/support/requests/{request.reference}/"
    assert ParolePage.objects.get(request=request, key="papers").saved_at
    assert not Paper.objects.exists()


def test_papers_continue_with_a_chosen_file_stores_it_too(client, request_of):
    request = request_of()

    response = client.post(
        url_of(request, "?return=check"),
        {"kind": "lease", "file": upload(), "continue": "1", "return": "check"},
    )

    assert response.url == f"/support/requests/{request.reference}/check/"
    assert Paper.objects.get().kind == "lease"


@pytest.mark.parametrize("button", ["send", "continue"])
def test_papers_file_that_cannot_be_used_says_what_to_do(client, request_of, button):
    request = request_of()

    response = client.post(
        url_of(request), {"kind": "pay_stub", "file": upload(pdfs.locked()), button: "1"}
    )

    assert response.status_code == 200
    shown = page(response)
    assert shown.count("This PDF is locked") == 2  # in the summary, and beside the field
    assert re.search(r'value="pay_stub"[^>]*checked', shown)
    assert not Paper.objects.exists()
    assert not ParolePage.objects.filter(key="papers").exists()


def test_papers_nothing_chosen_says_so_once(client, request_of):
    response = client.post(url_of(request_of()), {"kind": "lease", "send": "1"})

    assert response.context["form"].errors == {"file": ["Choose a file first."]}


def test_papers_too_large_a_file_is_a_sentence(client, request_of, monkeypatch):
    monkeypatch.setattr("cbpone.photos.uploads.MAX_BYTES", 1000)
    large = upload(pdfs.pdf() + bytes(200_000))

    response = client.post(url_of(request_of()), {"kind": "lease", "file": large, "send": "1"})

    assert response.context["form"].errors == {"file": [str(TooLargePaper())]}
    assert not Paper.objects.exists()


def test_papers_full_has_no_field_for_another(client, request_of, monkeypatch):
    monkeypatch.setattr("parole.views.papers.MAX_PAPERS", 1)
    request = request_of()
    rows.paper(request=request)

    shown = page(client.get(url_of(request)))

    assert 'type="file"' not in shown
    assert "You sent 1 files, the most we can take" in shown


def test_papers_when_more_is_asked_for_are_an_answer(client, request_of):
    request = request_of(status="more_info")

    client.post(url_of(request), {"file": upload(), "send": "1"})
    shown = page(client.get(url_of(request)))
    response = client.post(url_of(request), {"continue": "1"})

    assert Paper.objects.get().kind == "answer"
    assert "Send what the officer asked for" in shown
    assert "/remove/" not in shown
    assert response.url == f"/support/requests/{request.reference}/answer/"
    assert not ParolePage.objects.filter(key="papers").exists()


@pytest.mark.parametrize("status", ["received", "selected", "confirmed"])
def test_papers_of_a_filed_request_are_shown_and_no_more_taken(client, request_of, status):
    request = request_of(status=status)
    rows.paper(request=request, name="Lease.pdf")

    shown = page(client.get(url_of(request)))
    response = client.post(url_of(request), {"file": upload(), "send": "1"})

    assert "Lease.pdf" in shown
    assert 'type="file"' not in shown
    assert "/remove/" not in shown
    assert response.status_code == 302
    assert Paper.objects.count() == 1


@pytest.mark.parametrize("user", [make_user, make_reviewer, make_auditor])
def test_papers_page_of_somebody_else_is_not_found(client, user):
    request = make_request(status="more_info")
    client.force_login(user())

    assert client.get(url_of(request)).status_code == 404
    assert client.post(url_of(request), {"file": upload()}).status_code == 404
    assert not Paper.objects.exists()


def test_papers_page_asks_for_sign_in(client):
    assert client.get(url_of(make_request())).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_papers_page_asks_the_same_number_of_queries(
    client, request_of, django_assert_max_num_queries, count
):
    request = request_of()
    for _number in range(count):
        rows.paper(request=request)

    with django_assert_max_num_queries(9):
        client.get(url_of(request))


@pytest.mark.parametrize(
    ("form", "content_type", "disposition"),
    [
        ("PDF", "application/pdf", 'attachment; filename="paper-{}.pdf"'),
        ("JPEG", "image/jpeg", 'inline; filename="paper-{}.jpg"'),
    ],
)
def test_paper_is_served_so_that_nothing_in_it_runs(client, form, content_type, disposition):
    name = "<script>\u00e9.html"
    paper = stored(rows.paper(format=form, name=name, file=f"papers/00/{form}.bin"))
    client.force_login(paper.request.owner)

    response = client.get(f"/papers/{paper.reference}/")

    assert b"".join(response.streaming_content) == b"%PDF-1.7\n\n%%EOF\n"
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == disposition.format(str(paper.reference)[:8])
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert looks() == []


def test_paper_whose_file_is_gone_is_not_found(client):
    paper = rows.paper(file="papers/00/gone.pdf")
    client.force_login(paper.request.owner)

    assert client.get(f"/papers/{paper.reference}/").status_code == 404


def test_paper_seen_by_an_officer_is_on_record(client):
    paper = stored(rows.paper(request=make_request(status="selected")))
    officer = make_reviewer()
    client.force_login(officer)

    assert client.get(f"/papers/{paper.reference}/").status_code == 200
    assert looks() == [(paper.request.reference, officer.pk, "tax_return")]


def test_paper_serving_by_role(client):
    beneficiary = make_beneficiary(status="ata_pending", photo=False)
    filed = stored(rows.paper(request=beneficiary.request))
    passport = stored(rows.paper(beneficiary=beneficiary, kind="passport"))
    draft = stored(rows.paper())

    answers = {}
    for who, user in {
        "supporter": beneficiary.request.owner,
        "beneficiary": beneficiary.user,
        "stranger": make_user(),
        "reviewer": make_reviewer(),
        "reviewer who decided": beneficiary.request.decided_by,
        "travel officer": make_travel_officer(),
        "auditor": make_auditor(),
    }.items():
        client.force_login(user)
        answers[who] = [
            client.get(f"/papers/{paper.reference}/").status_code
            for paper in (filed, passport, draft)
        ]

    assert answers == {
        "supporter": [200, 404, 404],
        "beneficiary": [404, 200, 404],
        "stranger": [404, 404, 404],
        "reviewer": [404, 404, 404],
        "reviewer who decided": [200, 404, 404],
        "travel officer": [404, 200, 404],
        "auditor": [404, 404, 404],
    }
    client.logout()
    assert client.get(f"/papers/{filed.reference}/").status_code == 302


def test_paper_remove_takes_it_out_and_leads_back(client, request_of):
    request = request_of()
    paper = rows.paper(request=request, name="W-2.pdf")

    response = client.post(f"/papers/{paper.reference}/remove/", follow=True)

    assert response.redirect_chain == [(url_of(request), 302)]
    assert "W-2.pdf is removed." in page(response)
    assert not Paper.objects.current().exists()


def test_paper_remove_after_filing_is_refused_in_words(client, request_of):
    paper = rows.paper(request=request_of(status="pending"))

    response = client.post(f"/papers/{paper.reference}/remove/", follow=True)

    assert "Your account is not allowed to do this." in page(response)
    assert Paper.objects.current().exists()


def test_paper_remove_by_get_or_by_a_stranger_does_nothing(client):
    paper = rows.paper()
    client.force_login(paper.request.owner)
    assert client.get(f"/papers/{paper.reference}/remove/").status_code == 405

    client.force_login(make_user())
    assert client.post(f"/papers/{paper.reference}/remove/").status_code == 404

    assert Paper.objects.current().exists()


@pytest.mark.parametrize(
    ("kind", "leads_to"), [("passport", "passport"), ("relationship", "relationship")]
)
def test_paper_remove_of_a_beneficiary_leads_back_to_its_page(client, kind, leads_to):
    beneficiary = make_beneficiary(status="attested", photo=False)
    paper = rows.paper(beneficiary=beneficiary, kind=kind)
    client.force_login(beneficiary.user)

    response = client.post(f"/papers/{paper.reference}/remove/")

    assert beneficiary.reference in response.url
    assert leads_to in response.url
    assert not Paper.objects.current().exists()


def posted(user, **files):
    request = RequestFactory().post("/", files)
    request.user = user
    return request


def test_take_upload_stores_the_passport_page_of_a_beneficiary():
    beneficiary = make_beneficiary(status="attested", photo=False)
    kinds = [PaperKind.PASSPORT]

    taken = take_upload(
        posted(beneficiary.user, file=upload(pdfs.jpeg(400, 300), "IMG.heic")),
        case=beneficiary,
        kinds=kinds,
    )

    assert list(taken.form.fields) == ["file"]
    assert taken.paper == beneficiary.papers.get(kind="passport", format="JPEG", name="IMG.heic")


def test_take_upload_without_a_file():
    beneficiary = make_beneficiary(status="attested", photo=False)
    asked = {"case": beneficiary, "kinds": [PaperKind.PASSPORT]}

    needed = take_upload(posted(beneficiary.user), **asked)
    optional = take_upload(posted(beneficiary.user), needed=False, **asked)

    assert needed.form.errors == {"file": ["Choose a file first."]}
    assert (needed.paper, needed.is_empty) == (None, False)
    assert (optional.form.errors, optional.is_empty) == ({}, True)


def test_take_upload_not_allowed_is_a_sentence_beside_the_field():
    beneficiary = make_beneficiary(status="ata_pending", photo=False)

    taken = take_upload(
        posted(beneficiary.user, file=upload()), case=beneficiary, kinds=[PaperKind.PASSPORT]
    )

    assert taken.form.errors == {"file": ["Your account is not allowed to do this."]}
    assert not Paper.objects.exists()
