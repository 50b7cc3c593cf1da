"""Letters of travel officers: the first draft, and what the person reads on their own page."""

import pytest
from django.utils import translation

from parole import travel_letters
from parole.choices import LetterAbout
from parole.travel_letters import REASONS, draft
from tests.breaking import change
from tests.factories import make_beneficiary, make_user
from tests.parole.casework import url
from tests.parole.rows import travel_letter
from tests.parole.test_letters import HARSH

pytestmark = pytest.mark.django_db
PAIRS = [(about, str(reason)) for about, reasons in REASONS.items() for reason in reasons]


@pytest.fixture
def case():
    row = make_beneficiary(status="ata_pending")
    change(row.traveler, given_names="Marie & Anne", surnames="Joseph")
    row.traveler.refresh_from_db()
    return row


def test_every_decision_has_a_draft_and_every_reason_its_own_words():
    assert set(REASONS) == set(travel_letters.TEMPLATES) == set(LetterAbout.values)
    assert set(travel_letters.ENDS) == set(REASONS["cancelled"])
    assert set(travel_letters.ASKS) == set(REASONS["sent_back"])
    assert "error" not in REASONS["denied"]


@pytest.mark.parametrize(("about", "reason"), PAIRS)
def test_letter_names_person_case_and_reason_and_never_blames(case, about, reason):
    letter = draft(case, about, reason, "T-2222-2222")

    assert letter.startswith(
        f"This letter is about Marie & Anne Joseph, case {case.reference}.\n\n"
    )
    assert travel_letters.why(case, about, reason) in letter
    assert [word for word in HARSH if word in letter.lower()] == []
    for sign in ("&amp;", "%(", "{"):
        assert sign not in letter


@pytest.mark.parametrize("about", ["denied", "cancelled"])
def test_letter_of_an_end_says_what_is_safe_and_what_one_can_do(case, about):
    letter = draft(case, about, "passport", "T-2222-2222")

    assert "It does not stop you from asking for asylum" in letter
    assert "A supporter can file a new request. It is free." in letter
    assert ("T-2222-2222" in letter) is (about == "cancelled")


def test_letter_is_in_the_language_of_the_person_not_of_the_officer(monkeypatch):
    row = make_beneficiary(make_user(language="es"), status="ata_pending")
    spoken = []
    monkeypatch.setattr(
        travel_letters,
        "render_to_string",
        lambda name, context: spoken.append(translation.get_language()) or " words \n",
    )

    with translation.override("en"):
        letter = draft(row, "denied", "vetting")

    assert (spoken, letter) == (["es"], "words")


def test_letter_for_a_reason_of_another_decision_is_a_bug(case):
    with pytest.raises(KeyError):
        draft(case, "sent_back", "vetting")


def test_person_reads_on_the_page_of_the_case_what_is_asked(client):
    row = make_beneficiary(status="photo_submitted", sent_back_note="Send another photo.")
    travel_letter(beneficiary=row, about="sent_back", letter="First <letter>.")
    travel_letter(beneficiary=row, about="sent_back", letter="Second\n\nletter & more.")
    client.force_login(row.user)

    page = client.get(url(row)).content.decode()

    asked = page[page.index("An officer asks you for something") :]
    assert asked.index("letter &amp; more.") < asked.index("First &lt;letter&gt;.")
    assert "Send another photo." not in page


@pytest.mark.parametrize("status", ["ata_denied", "ata_cancelled"])
def test_person_reads_on_the_page_of_the_case_why_it_ended(client, status):
    row = make_beneficiary(status=status, denial_reason="vetting")
    about = status.removeprefix("ata_")
    travel_letter(beneficiary=row, about=about, letter="This is why: <b>.")
    client.force_login(row.user)

    page = client.get(url(row)).content.decode()

    assert "This is why: &lt;b&gt;." in page


def test_letters_of_another_case_are_not_shown(client):
    row = make_beneficiary(status="ata_denied", denial_reason="vetting")
    travel_letter(letter="Somebody else's.")
    client.force_login(row.user)

    assert "Somebody else" not in client.get(url(row)).content.decode()
