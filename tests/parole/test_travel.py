"""Decisions on travel: cases taken, judged, approved, denied, sent back, cancelled, asked again."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.notifications.models import Message
from parole import travel
from parole.choices import DenialReason
from parole.models import Authorization, Beneficiary, Correction, MonthlyCap, TravelLetter
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_authorization,
    make_beneficiary,
    make_cap,
    make_parole_supervisor,
    make_process,
    make_request,
    make_reviewer,
    make_travel_officer,
    make_user,
)
from tests.facts import events, told
from tests.parole.waiting import make_queued, make_taken, prove

pytestmark = pytest.mark.django_db
LETTER = "This letter is about you.\n\n“Ñandú” & <b>all</b>."


@pytest.fixture
def officer():
    return make_travel_officer()


@pytest.fixture
def cap():
    return make_cap(cap=5)


@pytest.fixture
def case(officer):
    return make_taken(officer)


def correct(case, verdict="", by=None, field="birth_date") -> Correction:
    judged = {"judged_by": by, "judged_at": case.submitted_at} if verdict else {}
    return Correction.objects.create(
        beneficiary=case, field=field, before="1994-03-21", after="1994-03-12", verdict=verdict,
        **judged,
    )  # fmt: skip


def check_refuses(code, rule, case):
    before = Event.objects.count(), Beneficiary.objects.filter(pk=case.pk).values().get()

    with pytest.raises(Refused) as refusal:
        rule()

    assert refusal.value.code == code
    after = Event.objects.count(), Beneficiary.objects.filter(pk=case.pk).values().get()
    assert after == before
    assert told(case.user) == []


def test_take_next_gives_the_case_that_was_sent_longest_ago(officer):
    later, first = (make_beneficiary(status="ata_pending") for _ in range(2))
    change(later, submitted_at=later.submitted_at + timedelta(hours=1))

    taken = travel.take_next(by=officer)

    assert taken == first
    assert Beneficiary.objects.get(pk=first.pk).taken_by == officer
    assert events(first) == [("taken", "", "", officer.pk)]


def test_take_next_gives_the_own_open_case_again(officer, case):
    make_beneficiary(status="ata_pending")

    assert travel.take_next(by=officer) == case
    assert events(case) == []


def test_take_next_gives_nothing_when_nobody_waits(officer):
    make_beneficiary(status="photo_submitted")

    assert travel.take_next(by=officer) is None


def test_take_next_never_gives_a_case_one_has_a_part_in(officer):
    make_beneficiary(officer, status="ata_pending")
    make_beneficiary(status="ata_pending", request=make_request(officer, status="confirmed"))

    assert travel.take_next(by=officer) is None


@pytest.mark.parametrize("make", [make_user, make_reviewer, make_airport_officer])
def test_take_next_is_for_travel_officers(make):
    with pytest.raises(NotAllowed):
        travel.take_next(by=make())


def test_put_back_frees_the_case_and_keeps_the_reason(officer, case):
    travel.put_back(beneficiary=case, reason=" Not my language. ", by=officer)

    assert Beneficiary.objects.get(pk=case.pk).taken_by is None
    assert events(case) == [("put_back", "", "", officer.pk)]
    assert Event.objects.get(verb="put_back").note == "Not my language."


def test_put_back_without_a_reason_is_refused(officer, case):
    check_refuses(
        "note_missing", lambda: travel.put_back(beneficiary=case, reason=" ", by=officer), case
    )


def test_put_back_of_another_officers_case_is_for_supervisors(case):
    check_refuses(
        "not_yours",
        lambda: travel.put_back(beneficiary=case, reason="Away", by=make_travel_officer()),
        case,
    )

    travel.put_back(beneficiary=case, reason="Away", by=make_parole_supervisor())

    assert Beneficiary.objects.get(pk=case.pk).taken_by is None


def test_judge_correction_notes_verdict_and_who(officer, case):
    row = correct(case)

    travel.judge_correction(correction=row, verdict="accepted", by=officer)

    row = Correction.objects.get(pk=row.pk)
    assert (row.verdict, row.judged_by) == ("accepted", officer)
    assert events(case) == [("correction_judged", "", "accepted", officer.pk)]


def test_judge_correction_again_keeps_the_last_verdict(officer, case):
    row = correct(case, "not_accepted", officer)

    travel.judge_correction(correction=row, verdict="accepted", by=officer)

    assert events(case) == [("correction_judged", "not_accepted", "accepted", officer.pk)]


@pytest.mark.parametrize(
    ("verdict", "by", "code"),
    [("perhaps", None, "wrong_reason"), ("accepted", make_travel_officer, "not_yours")],
)
def test_judge_correction_is_refused(officer, case, verdict, by, code):
    row = correct(case)
    by = by() if by else officer

    check_refuses(
        code, lambda: travel.judge_correction(correction=row, verdict=verdict, by=by), case
    )


def test_approve_takes_a_number_and_tells_the_person(officer, case, cap):
    change(case, text_messages=True)
    case.refresh_from_db()

    made = travel.approve(beneficiary=case, by=officer)

    row = Authorization.objects.get()
    assert row == made
    assert (row.status, row.month, row.process) == ("valid", cap.month, case.request.process)
    assert (row.beneficiary, row.approved_by) == (case, officer)
    assert MonthlyCap.objects.get().used == 1
    case = Beneficiary.objects.get(pk=case.pk)
    assert (case.status, case.taken_by, case.taken_at) == ("ata_approved", None, None)
    assert events(case) == [("authorized", "ata_pending", "ata_approved", officer.pk)]
    assert Event.objects.get(verb="authorized").note == f"{row.reference}, {row.month:%Y-%m}"
    assert told(case.user) == [("ata_approved", ["email", "sms"])]


def test_approve_after_all_corrections_are_accepted(officer, case, cap):
    correct(case, "accepted", officer)

    assert travel.approve(beneficiary=case, by=officer).status == "valid"


def end_support(case):
    change(case.request, status="withdrawn", withdrawn_at=case.submitted_at)


def lose_photo(case):
    case.traveler.photos.update(replaced_at=case.submitted_at)


def lose_passport(case):
    change(case.traveler, document_expires_on=None)


def outlive_passport(case):
    change(case.traveler, document_expires_on=case.submitted_at - timedelta(days=2))


def be_a_child(case):
    change(case.traveler, birth_date=case.submitted_at - timedelta(days=3000))


STANDS_IN_THE_WAY = {
    "corrections_waiting": correct,
    "correction_not_accepted": lambda case: correct(case, "not_accepted", case.taken_by),
    "support_ended": end_support,
    "no_photo": lose_photo,
    "minor_alone": be_a_child,
    "not_yours": lambda case: change(case, taken_by=None, taken_at=None),
    "not_waiting": lambda case: change(case, status="ata_denied"),
}


@pytest.mark.parametrize("code", STANDS_IN_THE_WAY)
def test_approve_is_refused(officer, case, cap, code):
    STANDS_IN_THE_WAY[code](case)
    case = Beneficiary.objects.get(pk=case.pk)

    check_refuses(code, lambda: travel.approve(beneficiary=case, by=officer), case)

    assert not Authorization.objects.exists()
    assert MonthlyCap.objects.get().used == 0


@pytest.mark.parametrize("lose", [lose_passport, outlive_passport])
def test_approve_without_a_valid_passport_is_refused(officer, case, cap, lose):
    lose(case)
    case = Beneficiary.objects.get(pk=case.pk)

    check_refuses("passport_expired", lambda: travel.approve(beneficiary=case, by=officer), case)


def test_approve_of_the_own_or_a_supported_case_is_refused(officer, cap):
    own = make_beneficiary(officer, status="ata_pending")
    supported = make_taken(officer, request=make_request(officer, status="confirmed"))

    check_refuses("own_case", lambda: travel.approve(beneficiary=own, by=officer), own)
    check_refuses("own_case", lambda: travel.approve(beneficiary=supported, by=officer), supported)


def make_child(officer, guardian_status="ata_approved", papers=True) -> Beneficiary:
    guardian = make_beneficiary(status=guardian_status)
    child = make_taken(
        officer, user=guardian.user, guardian=guardian, guardian_relation="parent"
    )  # fmt: skip
    be_a_child(child)
    if papers:
        prove(child)
    return Beneficiary.objects.get(pk=child.pk)


@pytest.mark.parametrize("status", ["ata_approved", "travelled", "paroled"])
def test_approve_a_child_whose_guardian_may_travel(officer, cap, status):
    child = make_child(officer, status)

    assert travel.approve(beneficiary=child, by=officer).beneficiary == child


@pytest.mark.parametrize(
    ("status", "papers"), [("ata_pending", True), ("ata_denied", True), ("ata_approved", False)]
)
def test_approve_a_child_without_guardian_or_proof_is_refused(officer, cap, status, papers):
    child = make_child(officer, status, papers)

    check_refuses("minor_alone", lambda: travel.approve(beneficiary=child, by=officer), child)


def test_deny_ends_the_case_with_a_reason(officer):
    case = make_queued(taken_by=officer)

    travel.deny(beneficiary=case, reason=DenialReason.VETTING, letter=LETTER, by=officer)

    case = Beneficiary.objects.get(pk=case.pk)
    assert (case.status, case.denial_reason) == ("ata_denied", "vetting")
    assert (case.taken_by, case.queued_at) == (None, None)
    assert events(case) == [("ata_denied", "ata_pending", "ata_denied", officer.pk)]
    assert told(case.user) == [("ata_denied", ["email"])]


def test_deny_of_a_case_another_officer_holds_is_refused(case):
    other = make_travel_officer()

    check_refuses(
        "not_yours",
        lambda: travel.deny(beneficiary=case, reason="vetting", letter=LETTER, by=other),
        case,
    )


def test_send_back_asks_for_something_and_frees_the_case(officer, case):
    travel.send_back(beneficiary=case, reason="photo", letter=LETTER, by=officer)

    case = Beneficiary.objects.get(pk=case.pk)
    assert case.status == "photo_submitted"
    assert case.sent_back_note.startswith("Send another photo of the face:")
    assert case.taken_by is None
    assert case.is_editable
    assert events(case) == [("sent_back", "ata_pending", "photo_submitted", officer.pk)]
    assert told(case.user) == [("case_sent_back", ["email"])]


def test_send_back_twice_tells_twice(officer, case, clock):
    travel.send_back(beneficiary=case, reason="photo", letter=LETTER, by=officer)
    clock.forward(minutes=5)
    change(case, status="ata_pending", taken_by=officer, taken_at=clock.at)
    case.refresh_from_db()

    travel.send_back(beneficiary=case, reason="passport", letter=LETTER, by=officer)

    assert told(case.user) == [("case_sent_back", ["email"])] * 2


DECISIONS = {"deny": (travel.deny, "vetting"), "send_back": (travel.send_back, "photo")}


@pytest.mark.parametrize("name", DECISIONS)
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"letter": " \n "}, "letter_missing"),
        ({"reason": ""}, "wrong_reason"),
        ({"reason": "mood"}, "wrong_reason"),
        ({"reason": "error"}, "wrong_reason"),
    ],
)
def test_decision_with_half_an_answer_is_refused(officer, case, name, typed, code):
    rule, reason = DECISIONS[name]
    values = {"reason": reason, "letter": LETTER} | typed

    check_refuses(code, lambda: rule(beneficiary=case, by=officer, **values), case)

    assert not TravelLetter.objects.exists()


@pytest.mark.parametrize(("name", "about"), [("deny", "denied"), ("send_back", "sent_back")])
def test_decision_keeps_its_letter_word_for_word(officer, case, name, about):
    rule, reason = DECISIONS[name]
    change(case.user, language="es")
    case = Beneficiary.objects.get(pk=case.pk)

    rule(beneficiary=case, reason=reason, letter=LETTER, by=officer)

    row = TravelLetter.objects.get()
    assert (row.beneficiary, row.about, row.letter) == (case, about, LETTER)
    assert (row.language, row.written_by) == ("es", officer)
    message = Message.objects.get(user=case.user)
    assert (message.model, message.row_id) == ("parole.travelletter", str(row.pk))
    assert Event.objects.of_case(case.reference).get().note == reason


def test_cancel_gives_the_number_back_while_the_month_is_open(officer):
    cap, own = make_cap(cap=5, used=1), make_cap(make_process("HT"), cap=5, used=1)
    row = make_authorization()

    travel.cancel(authorization=row, reason="passport", letter=LETTER, by=officer)

    row = Authorization.objects.get(pk=row.pk)
    assert (row.status, row.reason, row.ended_by) == ("cancelled", "passport", officer)
    assert row.given_back
    assert Beneficiary.objects.get().status == "ata_cancelled"
    assert [MonthlyCap.objects.get(pk=one.pk).used for one in (cap, own)] == [0, 0]
    assert events(row) == [
        ("ata_cancelled", "valid", "cancelled", officer.pk),
        ("ata_cancelled", "ata_approved", "ata_cancelled", officer.pk),
    ]
    assert told(row.beneficiary.user) == [("ata_cancelled", ["email"])]
    assert TravelLetter.objects.values_list("about", "letter").get() == ("cancelled", LETTER)


def test_cancel_gives_nothing_back_to_a_closed_month(officer):
    cap = make_cap(cap=5, used=1)
    change(cap, reported_at=cap.opened_at)
    row = make_authorization()

    travel.cancel(authorization=row, reason="error", letter=LETTER, by=officer)

    assert not Authorization.objects.get(pk=row.pk).given_back
    assert MonthlyCap.objects.get().used == 1


@pytest.mark.parametrize("status", ["used", "expired", "cancelled"])
def test_cancel_of_an_ended_authorization_is_refused(officer, status):
    row = make_authorization(status=status)

    check_refuses(
        "not_valid",
        lambda: travel.cancel(authorization=row, reason="error", letter=LETTER, by=officer),
        row.beneficiary,
    )


def test_cancel_of_the_own_authorization_is_refused(officer):
    row = make_authorization(make_beneficiary(officer, status="ata_approved"))

    with pytest.raises(Refused) as refusal:
        travel.cancel(authorization=row, reason="error", letter=LETTER, by=officer)

    assert refusal.value.code == "own_case"


@pytest.mark.parametrize(
    ("reason", "letter", "code"), [("", LETTER, "wrong_reason"), ("error", " ", "letter_missing")]
)
def test_cancel_with_half_an_answer_is_refused(officer, reason, letter, code):
    row = make_authorization()

    check_refuses(
        code,
        lambda: travel.cancel(authorization=row, reason=reason, letter=letter, by=officer),
        row.beneficiary,
    )
    assert not TravelLetter.objects.exists()


def test_ask_again_waits_anew_in_one_press(clock):
    row = make_authorization(status="expired")
    case = row.beneficiary
    clock.forward(days=3)

    travel.ask_again(beneficiary=case, by=case.user)
    travel.ask_again(beneficiary=case, by=case.user)

    case = Beneficiary.objects.get()
    assert (case.status, case.submitted_at) == ("ata_pending", clock.at)
    assert events(case) == [("asked_again", "ata_expired", "ata_pending", case.user_id)]
    assert told(case.user) == [("case_submitted", ["email"])]


@pytest.mark.parametrize("status", ["ata_approved", "ata_denied", "ata_cancelled", "invited"])
def test_ask_again_is_only_for_expired_cases(status):
    case = make_beneficiary(make_user(), status=status)

    check_refuses("cannot_ask", lambda: travel.ask_again(beneficiary=case, by=case.user), case)


def test_ask_again_is_only_for_the_person():
    case = make_beneficiary(status="ata_expired")

    check_refuses("not_allowed", lambda: travel.ask_again(beneficiary=case, by=make_user()), case)


def test_ask_again_after_the_support_ended_is_refused():
    case = make_beneficiary(status="ata_expired")
    end_support(case)

    check_refuses("support_ended", lambda: travel.ask_again(beneficiary=case, by=case.user), case)


def test_command_expires_and_says_how_many(capsys):
    call_command("expire_authorizations")

    assert capsys.readouterr().out == "0 travel authorizations have expired.\n"
