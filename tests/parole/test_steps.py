"""What a beneficiary does, step by step, and what each step is worth when an answer changes."""

from datetime import date, timedelta

import pytest

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from cbpone.travelers.models import Traveler
from parole import steps
from parole.models import Attestation, Beneficiary, Correction
from tests.factories import (
    make_beneficiary,
    make_photo,
    make_travel_officer,
    make_user,
)
from tests.facts import events, told
from tests.parole.casework import (
    add_paper,
    make_answered,
    make_claimed,
    send_files,
)
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db
CHILD = date(2015, 6, 1)


def fresh(row) -> Beneficiary:
    return Beneficiary.objects.get(pk=row.pk)


def say(row, **values) -> None:
    """The person's own record, as a saved page would leave it."""
    Traveler.objects.filter(pk=row.traveler_id).update(**values)


def corrections(row) -> list[tuple]:
    rows = Correction.objects.filter(beneficiary=row).order_by("field")
    return list(rows.values_list("field", "before", "after", "verdict"))


def corrected_fields(row) -> list[str]:
    rows = Event.objects.of_case(row.reference).filter(verb="corrected").order_by("id")
    return list(rows.values_list("note", flat=True))


def make_signed(**values) -> Beneficiary:
    row = make_answered(**values)
    return fresh(steps.attest(beneficiary=row, name="Marie Joseph", by=row.user))


def make_ready(**values) -> Beneficiary:
    row = make_answered(**values)
    send_files(row)
    return fresh(steps.attest(beneficiary=row, name="Marie Joseph", by=row.user))


def make_child(guardian=None, *, proof=True, **values) -> Beneficiary:
    row = make_answered(guardian and guardian.user, born=CHILD, **values)
    if guardian:
        about = {"guardian": guardian, "guardian_relation": "parent"}
        Beneficiary.objects.filter(pk=row.pk).update(**about)
    send_files(row)
    if proof:
        add_paper(row, "relationship")
    return fresh(steps.attest(beneficiary=fresh(row), name="Marie Joseph", by=row.user))


def test_confirm_details_as_written_makes_no_correction():
    row = make_claimed(pages=["details", "passport", "where"])

    steps.confirm_details(beneficiary=row, by=row.user)

    assert fresh(row).status == "details_confirmed"
    assert corrections(row) == []
    assert events(row) == [("details_confirmed", "invited", "details_confirmed", row.user_id)]


def test_confirm_details_puts_each_difference_on_file():
    row = make_claimed(pages=["details", "passport", "where"])
    written = row.written
    say(row, surnames="Joseph Pierre", birth_date=date(1994, 3, 12), document_country="DO",
        marital_status="married", sex="other", birth_city="Les Cayes")  # fmt: skip
    Beneficiary.objects.filter(pk=row.pk).update(country="DO")

    steps.confirm_details(beneficiary=row, by=row.user)

    assert corrections(row) == [
        ("birth_city", "Jacmel", "Les Cayes", ""),
        ("birth_date", "1994-03-21", "1994-03-12", ""),
        ("country", "HT", "DO", ""),
        ("document_country", "HT", "DO", ""),
        ("marital_status", "single", "married", ""),
        ("sex", "female", "other", ""),
        ("surnames", "Joseph", "Joseph Pierre", ""),
    ]
    names = "surnames, birth_date, sex, birth_city, marital_status, document_country, country"
    assert corrected_fields(row) == [names]
    assert Traveler.objects.get(pk=written.pk).surnames == "Joseph"


@pytest.mark.parametrize("field", steps.COMPARED)
def test_confirm_details_notices_every_field_that_both_sides_write(field):
    row = make_claimed(pages=["details", "passport", "where"])
    other = {
        "birth_date": date(1990, 1, 1), "document_expires_on": date(2032, 1, 1), "sex": "other",
        "marital_status": "widowed",
    }  # fmt: skip
    values = {field: other.get(field, "VE" if "country" in field or "national" in field else "Z9")}
    say(row, **values)

    steps.confirm_details(beneficiary=row, by=row.user)

    assert [name for name, *_rest in corrections(row)] == [field]


@pytest.mark.parametrize("missing", ["details", "passport", "where"])
def test_confirm_details_with_a_page_missing_is_refused(missing):
    row = make_claimed(pages={"details", "passport", "where"} - {missing})

    with pytest.raises(steps.NotComplete):
        steps.confirm_details(beneficiary=row, by=row.user)

    assert fresh(row).status == "invited"


def test_confirm_details_without_an_identity_is_refused():
    row = make_claimed(pages=["details", "passport", "where"])
    say(row, document_number="", document_type="", birth_city="")

    with pytest.raises(steps.NotComplete):
        steps.confirm_details(beneficiary=row, by=row.user)


@pytest.mark.parametrize("step", ["confirm_details", "advance", "submit"])
def test_step_by_a_stranger_is_refused(step):
    row = make_ready() if step == "submit" else make_claimed(pages=["details", "passport", "where"])

    for user in (make_user(), row.request.owner, make_travel_officer()):
        with pytest.raises(NotAllowed):
            getattr(steps, step)(beneficiary=fresh(row), by=user)


def test_correction_taken_back_is_gone():
    row = make_claimed(pages=["details", "passport", "where"])
    say(row, surnames="Pierre")
    steps.confirm_details(beneficiary=row, by=row.user)

    say(row, surnames="Joseph")
    steps.page_saved(beneficiary=fresh(row), changed=["surnames"], by=row.user)

    assert corrections(row) == []
    assert corrected_fields(row) == ["surnames", "surnames"]


def test_correction_changed_again_keeps_one_row_and_loses_its_verdict():
    row = make_claimed(pages=["details", "passport", "where"])
    say(row, surnames="Pierre")
    steps.confirm_details(beneficiary=row, by=row.user)
    judged = {"verdict": "not_accepted", "judged_by": make_travel_officer()}
    Correction.objects.update(judged_at=row.claimed_at, **judged)

    say(row, surnames="Pierre-Louis")
    steps.page_saved(beneficiary=fresh(row), changed=["surnames"], by=row.user)

    assert corrections(row) == [("surnames", "Joseph", "Pierre-Louis", "")]
    assert Correction.objects.get().judged_by is None


def test_correction_judged_and_left_as_it_is_keeps_its_verdict():
    row = make_claimed(pages=["details", "passport", "where"])
    say(row, surnames="Pierre")
    steps.confirm_details(beneficiary=row, by=row.user)
    judged = {"verdict": "accepted", "judged_by": make_travel_officer()}
    Correction.objects.update(judged_at=row.claimed_at, **judged)

    steps.page_saved(beneficiary=fresh(row), changed=[], by=row.user)

    assert corrections(row) == [("surnames", "Joseph", "Pierre", "accepted")]


def test_attest_signs_what_was_answered(clock):
    row = make_answered()

    steps.attest(beneficiary=row, name="Marie Joseph", by=row.user)

    row = fresh(row)
    assert (row.status, row.attested_at, row.attested_name) == (
        "attested", clock.at, "Marie Joseph",
    )  # fmt: skip
    assert events(row) == [
        ("details_confirmed", "invited", "details_confirmed", row.user_id),
        ("attested", "details_confirmed", "attested", row.user_id),
    ]


def test_attest_with_photo_and_passport_there_goes_one_further():
    assert make_ready().status == "photo_submitted"


def test_attest_twice_signs_once():
    row = make_signed()

    steps.attest(beneficiary=row, name="Somebody else", by=row.user)

    assert fresh(row).attested_name == "Marie Joseph"
    assert len(events(row)) == 2


@pytest.mark.parametrize("missing", ["details", "where", "family", "eligibility", "vaccination"])
def test_attest_with_a_page_missing_is_refused(missing):
    row = make_answered()
    row.pages.filter(key=missing).delete()

    with pytest.raises(steps.NotComplete):
        steps.attest(beneficiary=row, name="Marie Joseph", by=row.user)

    assert fresh(row).attested_at is None


@pytest.mark.parametrize(
    ("country", "answers"),
    [
        ("HT", {"interdicted": ""}),
        ("CU", {"interdicted": ""}),
        ("HT", {"irregular_entry": "yes"}),
        ("VE", {"removal_order": ""}),
        ("NI", {"measles": ""}),
    ],
)
def test_attest_with_an_answer_missing_is_refused(country, answers):
    row = make_answered(country=country)
    Attestation.objects.filter(beneficiary=row).update(**answers)

    with pytest.raises(steps.NotComplete):
        steps.attest(beneficiary=row, name="Marie Joseph", by=row.user)


@pytest.mark.parametrize("country", ["NI", "VE"])
def test_attest_asks_about_the_sea_only_where_the_process_does(country):
    row = make_answered(country=country)
    Attestation.objects.filter(beneficiary=row).update(interdicted="")

    steps.attest(beneficiary=row, name="Marie Joseph", by=row.user)

    assert fresh(row).status == "attested"


def test_attest_takes_every_answer_that_bars():
    row = make_answered()
    Attestation.objects.filter(beneficiary=row).update(
        outside_us="no", passport_valid="no", other_country="yes", removal_order="yes",
        irregular_entry="yes", irregular_returned="no", interdicted="yes", flies_on_own="no",
        tb_agreed=False,
    )  # fmt: skip

    steps.attest(beneficiary=row, name="Marie Joseph", by=row.user)

    assert fresh(row).status == "attested"


@pytest.mark.parametrize("there", ["photo", "passport"])
def test_advance_waits_for_both_photo_and_passport(there):
    row = make_signed()
    if there == "photo":
        make_photo(row.traveler)
    else:
        add_paper(row)

    steps.advance(beneficiary=row, by=row.user)

    assert fresh(row).status == "attested"


def test_advance_after_both_moves_once():
    row = make_signed()
    send_files(row)

    steps.advance(beneficiary=row, by=row.user)
    steps.advance(beneficiary=fresh(row), by=row.user)

    assert fresh(row).status == "photo_submitted"
    assert events(row)[-1] == ("ready", "attested", "photo_submitted", row.user_id)
    assert len(events(row)) == 3


@pytest.mark.parametrize("make", [make_signed, make_ready])
def test_detail_changed_after_the_signature_leads_back(make):
    row = make()
    before = row.status
    say(row, birth_city="Les Cayes")

    steps.page_saved(beneficiary=row, changed=["birth_city"], by=row.user)

    row = fresh(row)
    assert (row.status, row.attested_at, row.attested_name) == ("details_confirmed", None, "")
    assert events(row)[-1] == ("corrected", before, "details_confirmed", row.user_id)
    assert corrected_fields(row) == ["birth_city"]


def test_answer_changed_after_the_signature_leads_back_without_a_correction():
    row = make_ready()
    Attestation.objects.filter(beneficiary=row).update(removal_order="yes")

    steps.page_saved(beneficiary=row, changed=["removal_order"], by=row.user)

    assert fresh(row).status == "details_confirmed"
    assert corrections(row) == []
    assert corrected_fields(row) == ["removal_order"]


@pytest.mark.parametrize("changed", [[], ["phone"], ["street", "text_messages"]])
def test_page_saved_without_another_answer_leaves_the_signature(changed):
    row = make_ready()

    steps.page_saved(beneficiary=row, changed=changed, by=row.user)

    assert fresh(row).status == "photo_submitted"
    assert fresh(row).attested_at == row.attested_at


def test_page_saved_when_the_officers_have_it_is_refused():
    row = make_beneficiary(status="ata_pending")

    with pytest.raises(NotAllowed):
        steps.page_saved(beneficiary=row, changed=["surnames"], by=row.user)


def test_submit_sends_everything_and_says_so(clock):
    row = make_ready()

    steps.submit(beneficiary=row, by=row.user)

    row = fresh(row)
    assert (row.status, row.submitted_at) == ("ata_pending", clock.at)
    assert events(row)[-1] == ("submitted", "photo_submitted", "ata_pending", row.user_id)
    assert told(row.user) == [("case_submitted", ["email"])]


def test_submit_by_text_message_where_wanted():
    row = make_ready()
    Beneficiary.objects.filter(pk=row.pk).update(text_messages=True)

    steps.submit(beneficiary=fresh(row), by=row.user)

    assert told(row.user) == [("case_submitted", ["email", "sms"])]


def test_submit_twice_is_once():
    row = make_ready()

    steps.submit(beneficiary=row, by=row.user)
    steps.submit(beneficiary=fresh(row), by=row.user)

    assert [verb for verb, *_rest in events(row)].count("submitted") == 1
    assert len(told(row.user)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_submit_pressed_at_once_is_once():
    row = make_ready()

    outcomes = at_once([lambda: steps.submit(beneficiary=fresh(row), by=row.user)] * 3)

    assert kinds(outcomes) == ["ok"] * 3
    assert [verb for verb, *_rest in events(row)].count("submitted") == 1
    assert len(told(row.user)) == 1


def test_submit_again_after_a_send_back_keeps_the_place_and_tells_again(clock):
    row = make_ready()
    steps.submit(beneficiary=row, by=row.user)
    first = clock.at
    clock.forward(days=3)
    back = {"status": "photo_submitted", "sent_back_note": "Send the page again."}
    Beneficiary.objects.filter(pk=row.pk).update(**back)

    steps.submit(beneficiary=fresh(row), by=row.user)

    row = fresh(row)
    assert (row.status, row.submitted_at, row.sent_back_note) == ("ata_pending", first, "")
    assert len(told(row.user)) == 2


@pytest.mark.parametrize("step", [make_claimed, make_answered, make_signed])
def test_submit_too_early_is_refused(step):
    row = step()

    with pytest.raises(steps.NotComplete):
        steps.submit(beneficiary=row, by=row.user)


def test_submit_after_the_passport_page_was_taken_out_is_refused(clock):
    row = make_ready()
    row.papers.update(removed_at=clock.at)

    with pytest.raises(steps.NotComplete):
        steps.submit(beneficiary=row, by=row.user)


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False)])
def test_submit_with_a_passport_that_ran_out_is_refused(days, refused):
    row = make_ready()
    say(row, document_expires_on=steps.today() + timedelta(days=days))

    if refused:
        with pytest.raises(steps.PassportExpired):
            steps.submit(beneficiary=row, by=row.user)
    else:
        steps.submit(beneficiary=row, by=row.user)

    assert fresh(row).status == ("photo_submitted" if refused else "ata_pending")


def test_submit_child_with_parent_and_proof():
    row = make_child(make_claimed())

    steps.submit(beneficiary=row, by=row.user)

    assert fresh(row).status == "ata_pending"


def test_submit_child_without_guardian_or_proof_is_refused():
    grown = make_claimed()
    sister = make_claimed(grown.user, born=CHILD)
    ended = make_beneficiary(grown.user, status="closed")

    for row in (
        make_child(),
        make_child(grown, proof=False),
        make_child(sister),
        make_child(ended),
    ):
        with pytest.raises(steps.MinorNeedsGuardian):
            steps.submit(beneficiary=row, by=row.user)
        assert fresh(row).status == "photo_submitted"


def test_submit_on_the_eighteenth_birthday_needs_nobody(clock):
    row = make_child()
    clock.at = clock.at.replace(year=2033, month=6, day=1, hour=16)
    say(row, document_expires_on=date(2035, 1, 1))

    steps.submit(beneficiary=row, by=row.user)

    assert fresh(row).status == "ata_pending"
