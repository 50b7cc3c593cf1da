"""A filed request in its supporter's hands: withdrawn, answered for, its invitation put right."""

import pytest

from cbpone.accounts.models import User
from cbpone.lib.errors import NotAllowed
from parole import answering, filing
from parole.models import Beneficiary, Decision, Flag, SupportRequest
from parole.statuses import OPEN
from tests.factories import (
    make_authorization,
    make_beneficiary,
    make_request,
    make_reviewer,
    make_user,
)
from tests.facts import events, told
from tests.parole.rows import decision, made
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db


def ask(request, **values) -> Decision:
    return made(
        request=request,
        outcome="more_info",
        reason="income_unproven",
        letter="Send your tax return.",
        **values,
    )


# --- Withdrawing ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", OPEN)
def test_withdraw_ends_an_open_request_and_lets_the_officer_go(clock, status):
    officer = make_reviewer()
    request = make_request(status=status, taken_by=officer)

    filing.withdraw(request=request, by=request.owner)

    request.refresh_from_db()
    assert (request.status, request.withdrawn_at) == ("withdrawn", clock.at)
    assert (request.taken_by, request.taken_at) == (None, None)
    assert events(request) == [("request_withdrawn", status, "withdrawn", request.owner_id)]
    assert told(request.owner) == [("request_withdrawn", ["email"])]
    assert request.beneficiary.status == "written"


@pytest.mark.parametrize(
    "status", ["invited", "details_confirmed", "attested", "photo_submitted", "ata_pending"]
)
def test_withdraw_after_the_invitation_ends_the_case_too(status):
    beneficiary = make_beneficiary(status=status)
    request = beneficiary.request

    filing.withdraw(request=request, by=request.owner)

    beneficiary.refresh_from_db()
    assert (SupportRequest.objects.get().status, beneficiary.status) == ("withdrawn", "closed")


def test_withdraw_tells_who_had_accepted_the_invitation():
    beneficiary = make_beneficiary(status="ata_pending")

    filing.withdraw(request=beneficiary.request, by=beneficiary.request.owner)

    assert told(beneficiary.user) == [("case_closed", ["email"])]


@pytest.mark.parametrize("status", ["valid", "used"])
def test_withdraw_after_travel_was_authorized_is_refused(status):
    request = make_authorization(status=status).beneficiary.request

    with pytest.raises(filing.CannotWithdraw):
        filing.withdraw(request=request, by=request.owner)

    assert SupportRequest.objects.get().status == "confirmed"
    assert not filing.can_withdraw(request.owner, request)


def test_withdraw_after_an_authorization_ran_out_ends_the_case_and_tells_the_person():
    case = make_authorization(status="expired").beneficiary

    filing.withdraw(request=case.request, by=case.request.owner)

    assert Beneficiary.objects.get().status == "closed"
    assert told(case.user) == [("case_closed", ["email"])]


@pytest.mark.parametrize("status", ["ata_denied", "ata_cancelled", "parole_denied"])
def test_withdraw_leaves_a_case_that_was_decided_as_it_is(status):
    case = make_beneficiary(status=status)

    filing.withdraw(request=case.request, by=case.request.owner)

    assert Beneficiary.objects.get().status == status
    assert told(case.user) == []


def test_withdraw_lets_a_proposed_refusal_fall(clock):
    request = make_request(status="selected", taken_by=make_reviewer())
    proposal = decision(request=request, outcome="not_confirm", reason="false")

    filing.withdraw(request=request, by=request.owner)

    proposal.refresh_from_db()
    assert (proposal.status, proposal.closed_at) == ("declined", clock.at)
    assert events(request) == [
        ("request_withdrawn", "selected", "withdrawn", request.owner_id),
        ("declined", "proposed", "declined", None),
    ]
    assert told(request.owner) == [("request_withdrawn", ["email"])]


@pytest.mark.parametrize("status", ["not_confirmed", "withdrawn"])
def test_withdraw_what_has_ended_is_refused(status):
    request = make_request(status=status)

    with pytest.raises(filing.AlreadyDecided):
        filing.withdraw(request=request, by=request.owner)

    assert events(request) == told(request.owner) == []


def test_withdraw_of_a_draft_or_by_a_stranger_is_refused():
    draft, filed = make_request(), make_request(status="pending")

    for request, user in ((draft, draft.owner), (filed, make_user())):
        with pytest.raises(NotAllowed):
            filing.withdraw(request=request, by=user)


# --- Answers --------------------------------------------------------------------------------


def test_answer_info_goes_to_the_officer_once(clock):
    request = make_request(status="more_info")
    decision = ask(request)

    answering.answer_info(decision=decision, text="Here it is.", by=request.owner)

    decision.refresh_from_db()
    assert (decision.answer, decision.answered_at) == ("Here it is.", clock.at)
    assert SupportRequest.objects.get().status == "selected"
    assert events(request) == [("info_answered", "more_info", "selected", request.owner_id)]
    with pytest.raises(answering.AlreadyAnswered):
        answering.answer_info(decision=decision, text="Something else.", by=request.owner)
    assert Decision.objects.get().answer == "Here it is."


def test_answer_info_empty_is_refused():
    request = make_request(status="more_info")

    with pytest.raises(answering.AnswerEmpty):
        answering.answer_info(decision=ask(request), text=" \n", by=request.owner)


def test_answer_info_by_a_stranger_is_refused():
    request = make_request(status="more_info")

    with pytest.raises(NotAllowed):
        answering.answer_info(decision=ask(request), text="Yes", by=make_user())


@pytest.mark.parametrize("status", ["selected", "fraud_hold", "withdrawn"])
def test_answer_info_when_nothing_is_asked_is_refused(status):
    request = make_request(status=status)

    with pytest.raises(answering.AlreadyAnswered):
        answering.answer_info(decision=ask(request), text="Yes", by=request.owner)

    assert Decision.objects.get().answer == ""


def test_keep_answer_holds_the_text_until_it_is_sent():
    request = make_request(status="more_info")
    decision = ask(request)

    answering.keep_answer(request=request, text="Half an ans", by=request.owner)

    assert request.pages.get(key="answer").typed == {"text": ["Half an ans"]}
    answering.answer_info(decision=decision, text="A whole answer", by=request.owner)
    assert request.pages.get(key="answer").typed is None


def test_keep_answer_when_nothing_is_asked_is_refused():
    request = make_request(status="selected")

    with pytest.raises(answering.AlreadyAnswered):
        answering.keep_answer(request=request, text="Hm", by=request.owner)

    assert request.pages.count() == 0


# --- Where the invitation goes ----------------------------------------------------------------


def test_correct_address_sends_the_invitation_again(monkeypatch):
    sent = []
    monkeypatch.setattr(filing.inviting, "send_again", lambda **values: sent.append(values))
    beneficiary = make_beneficiary(status="invited")
    request = beneficiary.request

    filing.correct_address(request=request, email="right@example.org", by=request.owner)

    beneficiary.refresh_from_db()
    assert beneficiary.written_email == "right@example.org"
    assert sent == [{"beneficiary": beneficiary, "by": request.owner}]
    assert events(request) == [("address_corrected", "", "", request.owner_id)]


def test_correct_address_invites_whoever_reads_mail_there():
    beneficiary = make_beneficiary(status="invited")

    filing.correct_address(
        request=beneficiary.request, email="right@example.org", by=beneficiary.request.owner
    )

    assert told(User.objects.get(email="right@example.org")) == [("invitation", ["email"])]


def test_correct_address_looks_for_leads_anew(django_capture_on_commit_callbacks):
    """Whoever reads the mailbox holds the case: that of the supporter is a lead."""
    request = make_beneficiary(status="invited").request

    with django_capture_on_commit_callbacks(execute=True):
        filing.correct_address(request=request, email=request.owner.email, by=request.owner)

    found = Flag.objects.filter(request=request, signal="email_cluster")
    assert [flag.evidence for flag in found] == [{"same_as_supporter": True}]


def test_correct_address_completes_a_cluster_of_others(
    django_capture_on_commit_callbacks, settings
):
    settings.FLAG_EMAIL_PEOPLE = 2
    shared = {"written_email": "box@example.org"}
    other = make_request(status="pending", beneficiary=shared, person={"surnames": "Pierre"})
    request = make_beneficiary(status="invited").request

    with django_capture_on_commit_callbacks(execute=True):
        filing.correct_address(request=request, email="Box@example.org", by=request.owner)

    assert Flag.objects.filter(request=other, signal="email_cluster").exists()


def test_correct_address_after_it_was_accepted_is_refused():
    beneficiary = make_beneficiary(status="invited", claimed=True)
    request = beneficiary.request

    with pytest.raises(filing.AddressSettled):
        filing.correct_address(request=request, email="right@example.org", by=request.owner)

    assert Beneficiary.objects.get().written_email == beneficiary.written_email


def test_correct_address_by_a_stranger_or_before_the_decision_is_refused():
    invited, waiting = make_beneficiary(status="invited").request, make_request(status="pending")

    for request, user in ((invited, make_user()), (waiting, waiting.owner)):
        with pytest.raises(NotAllowed):
            filing.correct_address(request=request, email="x@example.org", by=user)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_answer_info_pressed_twice_at_once_is_one_answer():
    request = make_request(status="more_info")
    decision = ask(request)

    def press_send():
        mine = Decision.objects.get(pk=decision.pk)
        return answering.answer_info(decision=mine, text="Here.", by=request.owner)

    outcomes = at_once([press_send, press_send])

    assert kinds(outcomes) == ["AlreadyAnswered", "ok"]
    assert len(events(request)) == 1
