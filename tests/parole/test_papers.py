"""Who may send a paper, take one out and see one, and what is on record of it."""

from pathlib import Path

import pytest
from django.conf import settings

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from cbpone.lib.limits import TooMany
from parole import papers
from parole.choices import SUPPORTER_PAPERS, PaperKind
from parole.models import Paper
from parole.statuses import EDITABLE, BeneficiaryStatus, RequestStatus
from tests.factories import (
    make_airport_officer,
    make_auditor,
    make_beneficiary,
    make_officer,
    make_parole_supervisor,
    make_request,
    make_reviewer,
    make_travel_officer,
    make_user,
)
from tests.parole import pdfs, rows
from tests.race import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick(monkeypatch):
    """Files are not opened: for tests of who may, not of what."""

    def cleaned(data):
        sha256 = papers.hashlib.sha256(data).hexdigest()
        return papers.CleanPaper(b"%PDF-1.7\n\n%%EOF\n", "PDF", 2, sha256)

    monkeypatch.setattr(papers, "clean_paper", cleaned)


def files():
    return {path for path in Path(settings.MEDIA_ROOT).rglob("papers/*/*") if path.is_file()}


def keep(case, kind=None, data=b"%PDF-1", name="Tax return.pdf", by=None):
    """A file from the one whose case it is, unless said otherwise."""
    of_request = hasattr(case, "owner_id")
    by = by or (case.owner if of_request else case.user)
    kind = kind or ("tax_return" if of_request else "passport")
    return papers.keep_paper(case=case, kind=kind, data=data, name=name, by=by)


def recorded():
    rows = Event.objects.filter(model="parole.paper").order_by("id")
    return list(rows.values_list("verb", "case", "by", "note"))


def test_keep_paper_of_a_draft_is_stored_at_once():
    request, before = make_request(), files()
    data = pdfs.pdf(2)

    paper = keep(request, data=data)

    paper.refresh_from_db()
    assert (paper.request, paper.beneficiary, paper.added_by) == (request, None, request.owner)
    assert (paper.kind, paper.format, paper.pages, paper.name) == (
        "tax_return", "PDF", 2, "Tax return.pdf",
    )  # fmt: skip
    [stored] = files() - before
    assert stored.suffix == ".pdf"
    with paper.file.open("rb") as file:
        content = file.read()
    assert len(content) == paper.size
    assert str(paper.reference) not in str(stored)
    assert pdfs.texts(content) == ["Pay stub"] * 2
    assert b"%PDF" not in stored.read_bytes()
    assert recorded() == [("paper_added", request.reference, request.owner.pk, "tax_return")]


def test_keep_paper_of_a_beneficiary_is_of_their_side():
    beneficiary = make_beneficiary(status="details_confirmed")

    paper = keep(beneficiary, data=pdfs.jpeg(300, 200), name="IMG_1.pdf")

    assert (paper.request, paper.beneficiary, paper.format) == (None, beneficiary, "JPEG")
    assert paper.file.name.endswith(".jpeg")
    assert recorded() == [("paper_added", beneficiary.reference, beneficiary.user.pk, "passport")]


@pytest.mark.parametrize("data", [pdfs.locked(), b"<html>", pdfs.pdf()[:-99], b""])
def test_keep_paper_refused_file_leaves_no_row_no_file_and_no_event(data):
    request, before = make_request(), files()

    with pytest.raises(papers.PaperRefused):
        keep(request, data=data)

    assert not Paper.objects.exists()
    assert files() == before
    assert recorded() == []


def test_keep_paper_same_file_twice_is_one(quick):
    request, before = make_request(), files()

    first = keep(request)
    again = keep(request, name="other name.pdf")

    assert again == first
    assert len(files() - before) == 1
    assert len(recorded()) == 1


def test_keep_paper_same_file_for_another_purpose_or_case_is_another(quick):
    request = make_request()

    kept = {keep(request).pk, keep(request, "pay_stub").pk, keep(make_request()).pk}

    assert len(kept) == 3


def test_keep_paper_removed_file_can_be_sent_again(quick):
    request = make_request()
    first = keep(request)
    papers.remove_paper(paper=first, by=request.owner)

    assert keep(request) != first


def test_keep_paper_when_saving_breaks_leaves_no_file(quick, monkeypatch):
    request, before = make_request(), files()

    def breaks(*args, **values):
        raise RuntimeError

    monkeypatch.setattr(papers, "record", breaks)

    with pytest.raises(RuntimeError):
        keep(request)

    assert files() == before
    assert not Paper.objects.exists()


def test_keep_paper_past_the_most_is_refused(quick, monkeypatch):
    monkeypatch.setattr(papers, "MAX_PAPERS", 2)
    request = make_request()
    kept = [keep(request, data=data) for data in (b"a", b"b")]

    with pytest.raises(papers.TooManyPapers):
        keep(request, data=b"c")

    assert keep(request, data=b"b") == kept[1]
    papers.remove_paper(paper=kept[0], by=request.owner)
    assert keep(request, data=b"c").pk


def test_keep_paper_too_many_tries_in_an_hour_are_refused(quick, monkeypatch):
    monkeypatch.setattr(papers, "MAX_TRIES_AN_HOUR", 1)
    request = make_request()
    keep(request)

    with pytest.raises(TooMany):
        keep(request, data=b"b")


@pytest.mark.parametrize("kind", PaperKind.values)
@pytest.mark.parametrize("status", RequestStatus.values)
def test_keep_paper_of_a_request_by_status_and_kind(quick, status, kind):
    request = make_request(status=status)
    allowed = {"draft": SUPPORTER_PAPERS, "more_info": (*SUPPORTER_PAPERS, "answer")}

    try:
        keep(request, kind)
    except NotAllowed:
        kept = False
    else:
        kept = True

    assert kept == (kind in allowed.get(status, ())) == Paper.objects.exists()


@pytest.mark.parametrize("kind", ["passport", "relationship", "tax_return", "answer"])
@pytest.mark.parametrize("status", BeneficiaryStatus.values)
def test_keep_paper_of_a_beneficiary_by_status_and_kind(quick, status, kind):
    beneficiary = make_beneficiary(make_user(), status=status, claimed=True, photo=False)

    try:
        keep(beneficiary, kind)
    except NotAllowed:
        kept = False
    else:
        kept = True

    assert kept == (status in EDITABLE and kind in ("passport", "relationship"))
    assert Paper.objects.exists() == kept


def test_keep_paper_of_somebody_else_is_refused(quick):
    beneficiary = make_beneficiary(status="details_confirmed")
    request = make_request()

    for case, by in [
        (request, make_user()),
        (request, make_reviewer()),
        (beneficiary, beneficiary.request.owner),
        (make_beneficiary(status="invited"), make_user()),
    ]:
        with pytest.raises(NotAllowed):
            papers.keep_paper(
                case=case,
                kind="passport" if case != request else "other",
                data=b"x",
                name="",
                by=by,
            )

    assert not Paper.objects.exists()


def test_keep_paper_filed_meanwhile_is_refused(quick, monkeypatch):
    request = make_request(status="pending")
    stale = type(request).objects.get(pk=request.pk)
    stale.status = "draft"

    with pytest.raises(NotAllowed):
        keep(stale)

    assert not Paper.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_keep_paper_same_file_from_two_connections_is_one(quick):
    request = make_request()

    results = at_once([lambda: keep(type(request).objects.get(pk=request.pk))] * 3)

    assert Paper.objects.count() == 1
    assert len(recorded()) == 1
    assert {result.pk for result in results} == {Paper.objects.get().pk}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Tax return 2025.pdf", "Tax return 2025.pdf"),
        ("C:\\Users\\Ana\\W-2.pdf", "W-2.pdf"),
        ("../../etc/passwd", "passwd"),
        ("pay\r\nstub\0\u202efdp.exe", "paystubfdp.exe"),
        ("nómina   de   mayo.jpg", "nómina de mayo.jpg"),
        ("x" * 300 + ".pdf", "x" * 100),
        ("lone \ud800 half", "lone half"),
        ("", ""),
        ("folder/", ""),
    ],
)
def test_tidy_file_name(name, shown):
    assert papers.tidy_file_name(name) == shown


def test_keep_paper_without_a_name_is_called_what_it_is(quick):
    assert keep(make_request(), name="\u202e/").name == "Tax return or W-2"


def test_remove_paper_of_a_draft_keeps_the_row_and_says_who(quick):
    request = make_request()
    paper = keep(request)

    papers.remove_paper(paper=paper, by=request.owner)
    papers.remove_paper(paper=paper, by=request.owner)

    assert Paper.objects.get().removed_at is not None
    assert not Paper.objects.current().exists()
    assert [verb for verb, *_rest in recorded()] == ["paper_added", "paper_removed"]
    assert recorded()[1] == ("paper_removed", request.reference, request.owner.pk, "tax_return")


@pytest.mark.parametrize("status", RequestStatus.values)
def test_remove_paper_of_a_request_only_before_it_is_filed(status):
    paper = rows.paper(request=make_request(status=status))

    assert papers.can_remove(paper.request.owner, paper.request) == (status == "draft")
    if status != "draft":
        with pytest.raises(NotAllowed):
            papers.remove_paper(paper=paper, by=paper.request.owner)
    assert Paper.objects.current().exists()


@pytest.mark.parametrize("status", BeneficiaryStatus.values)
def test_remove_paper_of_a_beneficiary_while_they_may_edit(status):
    beneficiary = make_beneficiary(make_user(), status=status, claimed=True, photo=False)
    paper = rows.paper(beneficiary=beneficiary, kind="passport")

    try:
        papers.remove_paper(paper=paper, by=beneficiary.user)
    except NotAllowed:
        pass

    assert Paper.objects.current().exists() == (status not in EDITABLE)


def test_remove_paper_of_somebody_else_is_refused():
    paper = rows.paper()

    for user in (make_user(), make_reviewer(), make_parole_supervisor()):
        with pytest.raises(NotAllowed):
            papers.remove_paper(paper=paper, by=user)

    assert Paper.objects.current().exists()


@pytest.fixture
def four():
    """Papers of a draft, of a filed request, of its beneficiary, and one that was removed."""
    beneficiary = make_beneficiary(status="ata_pending", photo=False)
    request = beneficiary.request
    return {
        "draft": rows.paper(request=make_request(request.owner)),
        "filed": rows.paper(request=request),
        "passport": rows.paper(beneficiary=beneficiary, kind="passport"),
        "removed": rows.paper(request=request, removed_at=request.filed_at),
    }


SEEN = {
    "supporter": (lambda four: four["filed"].request.owner, {"draft", "filed"}),
    "beneficiary": (lambda four: four["passport"].beneficiary.user, {"passport"}),
    "stranger": (lambda four: make_user(), set()),
    "reviewer": (lambda four: make_reviewer(), set()),
    "reviewer who decided": (lambda four: four["filed"].request.decided_by, {"filed"}),
    "travel officer": (lambda four: make_travel_officer(), {"passport"}),
    "airport officer": (lambda four: make_airport_officer(), {"passport"}),
    "parole supervisor": (lambda four: make_parole_supervisor(), {"filed", "passport"}),
    "auditor": (lambda four: make_auditor(), set()),
    "port officer": (lambda four: make_officer(), set()),
}


@pytest.mark.parametrize(("who", "expected"), SEEN.values(), ids=SEEN)
def test_papers_visible_to_each_role(four, who, expected):
    seen = set(papers.papers_visible_to(who(four)))

    assert {label for label, paper in four.items() if paper in seen} == expected


def test_papers_visible_to_officer_who_is_a_party_are_of_their_own_side():
    officer = make_parole_supervisor()
    theirs = make_beneficiary(officer, status="ata_pending", photo=False)
    passport = rows.paper(beneficiary=theirs, kind="passport")
    rows.paper(request=theirs.request)
    given = make_beneficiary(
        status="ata_pending", request=make_request(officer, status="confirmed"), photo=False
    )
    filed = rows.paper(request=given.request)
    rows.paper(beneficiary=given, kind="passport")

    assert set(papers.papers_visible_to(officer)) == {passport, filed}


def test_papers_visible_to_reviewer_no_draft_and_no_unfiled_withdrawn():
    rows.paper(request=make_request())
    rows.paper(
        request=make_request(status="withdrawn", filed_at=None, filing_number=None, pair_key="")
    )

    assert not papers.papers_visible_to(make_reviewer()).exists()
