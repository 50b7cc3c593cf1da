"""Decisions on support requests: made, proposed, agreed to, and everything that refuses them."""

from datetime import timedelta

import pytest

from cbpone.audit.models import Event
from cbpone.lib import clock as the_clock
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.notifications.models import Message
from cbpone.notifications.outbox import words
from parole import reviewers
from parole.choices import REASONS
from parole.models import Decision, SupportRequest
from parole.review import agree, decline, propose, resume
from parole.reviewers import (
    EvidenceNeeded,
    FlagsWaiting,
    FraudNamed,
    LetterMissing,
    NoteMissing,
    NotWaiting,
    NotYours,
    OwnRequest,
    SamePerson,
    SecondPersonWaits,
    WrongReason,
)
from tests.breaking import change
from tests.factories import make_request, make_reviewer, make_travel_officer
from tests.facts import events, told
from tests.parole.reviewing import CLOSED, LETTER, OPEN, decide, make_flag, untouched
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db
AT_ONCE = {
    "confirm": ("confirmed", "confirmed"),
    "more_info": ("more_info", "info_asked"),
    "fingerprints": ("fingerprints", "fingerprints_asked"),
    "fraud_hold": ("fraud_hold", "held"),
}


@pytest.fixture
def reviewer(db):
    return make_reviewer()


@pytest.fixture
def second(db):
    return make_reviewer()


@pytest.fixture
def case(reviewer):
    return make_request(status="selected", taken_by=reviewer)


@pytest.fixture
def proposal(case, reviewer):
    return decide(case, "not_confirm", reviewer, note="The bank letter is of somebody else")


@pytest.mark.parametrize("outcome", AT_ONCE)
def test_propose_makes_everything_but_a_refusal_at_once(reviewer, case, clock, settings, outcome):
    status, verb = AT_ONCE[outcome]

    decision = decide(case, outcome, reviewer, note=" seen ")

    case.refresh_from_db()
    decision.refresh_from_db()
    assert (case.status, case.taken_by) == (status, reviewer)
    assert (decision.status, decision.outcome, decision.reason, decision.note) == (
        "made", outcome, REASONS[outcome][0], "seen",
    )  # fmt: skip
    assert (decision.proposed_by, decision.proposed_at) == (reviewer, clock.at)
    assert (decision.closed_by, decision.closed_at) == (reviewer, clock.at)
    assert events(case) == [(verb, "selected", status, reviewer.pk)]
    assert told(case.owner) == [("request_decision", ["email"])]
    today = the_clock.today_in(settings.PAROLE_ZONE)
    asked = today + timedelta(days=settings.ANSWER_DAYS) if outcome == "more_info" else None
    assert decision.asked_until == asked


def test_propose_to_confirm_is_signed_and_invites_the_person(reviewer, case, clock):
    decide(case, "confirm", reviewer)

    case.refresh_from_db()
    assert (case.decided_by, case.decided_at) == (reviewer, clock.at)
    assert case.beneficiary.status == "invited"
    assert ("invited", "written", "invited", reviewer.pk) in events(case.beneficiary)


@pytest.mark.parametrize("outcome", ["more_info", "fingerprints", "fraud_hold"])
def test_propose_of_a_pause_signs_nothing_and_invites_nobody(reviewer, case, outcome):
    decide(case, outcome, reviewer)

    case.refresh_from_db()
    assert (case.decided_by, case.decided_at) == (None, None)
    assert case.beneficiary.status == "written"


def test_propose_to_refuse_waits_for_a_second_person(reviewer, case):
    decision = decide(case, "not_confirm", reviewer)

    case.refresh_from_db()
    assert (decision.status, decision.closed_by, decision.closed_at) == ("proposed", None, None)
    assert (case.status, case.decided_by, case.taken_by) == ("selected", None, reviewer)
    assert told(case.owner) == []
    assert events(case) == [("proposed", "", "proposed", reviewer.pk)]


def test_letter_goes_out_word_for_word(reviewer, case):
    decision = decide(case, "more_info", reviewer)

    message = Message.objects.get(user=case.owner)
    assert (message.model, message.row_id) == ("parole.decision", str(decision.pk))
    subject, body = words(message, decision, "email")
    assert subject == "A letter about your request"
    assert body.startswith(LETTER + "\n\nLook at your case: ")
    _subject, sms = words(message, decision, "sms")
    assert sms.startswith("CBP One Portal: there is a letter for you. Sign in to read it: http")
    assert len(sms.splitlines()) == 1
    assert len(sms) <= 160
    assert case.reference not in subject + sms


def test_letter_goes_by_text_message_too_where_the_supporter_wants_that(reviewer):
    wants = {"text_messages": True, "phone": "+13055550123"}
    case = make_request(status="selected", taken_by=reviewer, supporter=wants)

    decide(case, "fingerprints", reviewer)

    assert told(case.owner) == [("request_decision", ["email", "sms"])]


def test_each_decision_has_its_own_letter(reviewer, case):
    decide(case, "more_info", reviewer)
    resume(request=case, note="No answer came", by=reviewer)
    decide(case, "fingerprints", reviewer)

    assert told(case.owner) == [("request_decision", ["email"])] * 2


@pytest.mark.parametrize("outcome", REASONS)
def test_propose_by_another_officer_is_refused(case, second, outcome):
    with pytest.raises(NotYours):
        decide(case, outcome, second)

    assert untouched(case)
    assert not reviewers.can_propose(second, case)


def test_propose_by_roles_that_do_not_review_is_refused(case, officer):
    for user in (officer, make_travel_officer(), case.owner):
        with pytest.raises(NotAllowed):
            decide(case, "confirm", user)
    assert untouched(case)


@pytest.mark.parametrize("status", [*OPEN[1:], *CLOSED[1:]])
def test_propose_on_a_request_that_does_not_wait_is_refused(reviewer, status):
    case = make_request(status=status, taken_by=reviewer)

    with pytest.raises(NotWaiting):
        decide(case, "more_info", reviewer)

    assert untouched(case)


def test_propose_from_a_page_opened_before_the_supporter_withdrew_is_refused(reviewer, case):
    change(case, status="withdrawn", withdrawn_at=the_clock.now())

    with pytest.raises(NotWaiting):
        decide(case, "confirm", reviewer)

    assert told(case.owner) == []


def test_propose_while_a_second_person_reads_is_refused(reviewer, case, proposal):
    with pytest.raises(SecondPersonWaits):
        decide(case, "confirm", reviewer)

    assert Decision.objects.get() == proposal


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("confirm", "income_low"), ("not_confirm", "meets"), ("more_info", ""), ("approve", "meets")],
)
def test_propose_with_a_reason_of_another_decision_is_refused(reviewer, case, outcome, reason):
    with pytest.raises(WrongReason):
        propose(request=case, outcome=outcome, reason=reason, letter=LETTER, note="", by=reviewer)

    assert untouched(case)


def test_propose_with_an_empty_letter_is_refused(reviewer, case):
    with pytest.raises(LetterMissing):
        decide(case, "confirm", reviewer, letter=" \n ")

    assert untouched(case)


@pytest.mark.parametrize("outcome", ["confirm", "not_confirm", "fraud_hold"])
def test_propose_past_a_lead_without_a_verdict_is_refused(reviewer, case, outcome):
    make_flag(case, "serial", "explained", reviewer)
    make_flag(case, "income")
    make_flag(case, "crowded")

    with pytest.raises(FlagsWaiting) as refusal:
        decide(case, outcome, reviewer)

    assert "without a verdict: 2." in str(refusal.value)
    assert untouched(case)


@pytest.mark.parametrize("outcome", ["more_info", "fingerprints"])
def test_questions_may_be_asked_before_every_lead_is_judged(reviewer, case, outcome):
    make_flag(case)

    assert decide(case, outcome, reviewer).status == "made"


def test_leads_that_were_cleared_do_not_wait(reviewer, case):
    make_flag(case, cleared_at=the_clock.now())

    assert decide(case, "confirm", reviewer).status == "made"


@pytest.mark.parametrize(
    ("verdict", "refusal"), [("needs_evidence", EvidenceNeeded), ("fraud", FraudNamed)]
)
def test_propose_to_confirm_against_ones_own_verdict_is_refused(reviewer, case, verdict, refusal):
    make_flag(case, verdict=verdict, by=reviewer)

    with pytest.raises(refusal):
        decide(case, "confirm", reviewer)
    assert untouched(case)

    assert decide(case, "not_confirm", reviewer).status == "proposed"


def test_no_lead_refuses_by_itself(reviewer, case):
    for signal in ("serial", "income", "ip_abroad"):
        make_flag(case, signal, "explained", reviewer)

    assert decide(case, "confirm", reviewer).status == "made"


def test_agree_makes_the_refusal_and_sends_the_letter(case, proposal, reviewer, second, clock):
    clock.forward(hours=2)

    agree(decision=proposal, by=second)

    case.refresh_from_db()
    proposal.refresh_from_db()
    assert (case.status, case.decided_by, case.decided_at) == ("not_confirmed", second, clock.at)
    assert (proposal.status, proposal.closed_by, proposal.closed_at) == ("made", second, clock.at)
    assert proposal.proposed_by == reviewer
    assert told(case.owner) == [("request_decision", ["email"])]
    assert case.beneficiary.status == "written"
    assert events(case)[-2:] == [
        ("agreed", "proposed", "made", second.pk),
        ("not_confirmed", "selected", "not_confirmed", second.pk),
    ]


def still_proposed(proposal) -> bool:
    row = Decision.objects.select_related("request").get(pk=proposal.pk)
    return (row.status, row.request.status) == ("proposed", "selected")


@pytest.mark.parametrize("answer", [agree, lambda **values: decline(note="x", **values)])
def test_answer_by_the_one_who_proposed_is_refused(proposal, reviewer, answer):
    with pytest.raises(SamePerson):
        answer(decision=proposal, by=reviewer)

    assert still_proposed(proposal)
    assert not reviewers.can_agree(reviewer, proposal)
    assert told(proposal.request.owner) == []


@pytest.mark.parametrize("answer", [agree, lambda **values: decline(note="x", **values)])
def test_answer_by_others_is_refused(proposal, officer, answer):
    for user in (officer, make_travel_officer(), proposal.request.owner):
        with pytest.raises(NotAllowed):
            answer(decision=proposal, by=user)

    assert still_proposed(proposal)


def test_agree_about_ones_own_request_is_refused(reviewer, second):
    case = make_request(second, status="selected", taken_by=reviewer)
    proposal = decide(case, "not_confirm", reviewer)

    with pytest.raises(OwnRequest):
        agree(decision=proposal, by=second)

    assert still_proposed(proposal)


def test_agree_after_the_supporter_withdrew_is_refused(case, proposal, second):
    change(case, status="withdrawn", withdrawn_at=the_clock.now())

    with pytest.raises(NotWaiting):
        agree(decision=proposal, by=second)

    assert told(case.owner) == []


def test_agree_when_a_lead_was_found_since_is_refused(case, proposal, second):
    make_flag(case)

    with pytest.raises(FlagsWaiting):
        agree(decision=proposal, by=second)

    assert still_proposed(proposal)


def test_decline_gives_the_case_back_to_its_reviewer(case, proposal, reviewer, second, clock):
    decline(decision=proposal, note=" Ask for the lease first ", by=second)

    case.refresh_from_db()
    proposal.refresh_from_db()
    assert (case.status, case.taken_by, case.decided_by) == ("selected", reviewer, None)
    assert (proposal.status, proposal.closed_by) == ("declined", second)
    assert told(case.owner) == []
    event = Event.objects.of_case(case.reference).first()
    assert (event.verb, event.by, event.note) == ("declined", second, "Ask for the lease first")
    assert decide(case, "more_info", reviewer).status == "made"


def test_decline_without_a_reason_is_refused(proposal, second):
    with pytest.raises(NoteMissing):
        decline(decision=proposal, note=" ", by=second)

    assert still_proposed(proposal)


def test_answer_to_a_proposal_that_was_answered_is_refused(proposal, second):
    stale = Decision.objects.get(pk=proposal.pk)
    decline(decision=proposal, note="No", by=second)

    with pytest.raises(MovedOn):
        agree(decision=stale, by=make_reviewer())

    assert SupportRequest.objects.get().status == "selected"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_once_decide_once():
    case = make_request(status="selected", taken_by=make_reviewer())
    proposal = decide(case, "not_confirm", case.taken_by)
    seconds = [make_reviewer(), make_reviewer()]
    rows = [Decision.objects.get(pk=proposal.pk) for _ in seconds]

    done = at_once(
        [
            lambda row=row, by=by: agree(decision=row, by=by)
            for row, by in zip(rows, seconds, strict=True)
        ]
    )

    assert kinds(done) == ["MovedOn", "ok"]
    assert told(case.owner) == [("request_decision", ["email"])]
    decided = [row for row in events(case) if row[2] == "not_confirmed"]
    assert len(decided) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_who_agrees_and_one_who_does_not_at_once_leave_one_answer():
    case = make_request(status="selected", taken_by=make_reviewer())
    proposal = decide(case, "not_confirm", case.taken_by)
    yes, no = (Decision.objects.get(pk=proposal.pk) for _ in range(2))
    one, other = make_reviewer(), make_reviewer()

    done = at_once(
        [lambda: agree(decision=yes, by=one), lambda: decline(decision=no, note="No", by=other)]
    )

    assert kinds(done) == ["MovedOn", "ok"]
    proposal.refresh_from_db()
    case.refresh_from_db()
    assert (proposal.status, case.status) in [("made", "not_confirmed"), ("declined", "selected")]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("outcomes", [("confirm", "confirm"), ("confirm", "not_confirm")])
def test_two_decisions_at_once_are_one(outcomes):
    case = make_request(status="selected", taken_by=make_reviewer())
    rows = [SupportRequest.objects.get(pk=case.pk) for _ in outcomes]

    done = at_once(
        [
            lambda row=row, outcome=outcome: decide(row, outcome, case.taken_by)
            for row, outcome in zip(rows, outcomes, strict=True)
        ]
    )

    assert kinds(done)[1] == "ok"
    assert kinds(done)[0] in ("NotWaiting", "SecondPersonWaits")
    assert Decision.objects.filter(request=case).count() == 1
