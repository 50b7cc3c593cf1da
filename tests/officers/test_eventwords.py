"""Notes of events in words, on the pages of officers and in the list of events."""

import pytest

from cbpone.audit.models import Event
from officers.evidence import LABELS, said
from officers.templatetags.eventwords import note_words
from tests.factories import make_auditor, make_request, make_reviewer
from tests.officers.reviewing import get, page_of


@pytest.mark.parametrize(
    ("verb", "note", "words"),
    [
        ("proposed", "not_eligible", "The process is not open to this person"),
        ("ata_cancelled", "withdrawn_support", "withdrawn_support"),  # no code of ours
        ("paper_added", "lease", "Lease, or papers about the housing"),
        ("judged", "serial: A church: fine", "One supporter with many requests: A church: fine"),
        ("flagged", "1", "1 stands"),
        ("flagged", "3", "3 stand"),
        ("corrected", "birth_date, odd", "date of birth, odd"),
        ("selected", "2026-11-19: draw 2", "drawn from everybody who waits, place 2"),
        ("selected", "by hand", "by hand"),
        ("paroled", "2028-11-24", "until 24 November 2028"),
        ("paroled", "soon", "soon"),
        ("saved", "plan", "Your plan for the first months"),
        ("saved", "birth: birth_date", "Your birth and citizenship: date of birth"),
        ("saved", "others: added", "Who supports with you: added"),
        ("viewed", "letter", "the letter"),
        ("photo_refused", "damaged", "the file is broken"),
        ("photo_refused", "closed", "no photo was awaited any more"),
        ("photo_refused", "odd", "odd"),
        ("drift_found", "browser refused", "Browser: files that could not be opened"),
        ("drift_found", "odd", "odd"),
        ("form_kept", "signed_out", "the sign-in had ended"),
        ("put_back", "lunch", "lunch"),
        ("put_back", "", ""),
    ],
)
def test_note_reads_as_words(verb, note, words):
    assert note_words(Event(verb=verb, note=note, model="parole.supportrequest")) == words


def test_evidence_that_signals_store_has_labels():
    stored = {"receipts": ["S-2222-2222"], "similarity": 93, "percent": 44, "zip_states": ["FL"]}

    lines = said(stored)

    assert [line.label for line in lines] == [str(LABELS[key]) for key in stored]
    assert lines[0].numbers == ["S-2222-2222"]


@pytest.mark.django_db
def test_list_of_events_speaks_in_words(client):
    case = make_request(status="selected")
    Event.objects.create(
        verb="selected", model="parole.supportrequest", row_id=case.pk, case=case.reference,
        before="pending", after="selected", note="2026-11-19: order 1",
    )  # fmt: skip

    page = get(client, make_auditor(), "/officers/audit/event/?verb=selected")

    for words in ("chose the request for review", "waiting for review", "in order of filing"):
        assert words in page
    assert case.reference not in get(client, make_auditor(), "/officers/audit/event/?verb=taken")
    assert "→" in get(client, make_reviewer(), page_of(case))
