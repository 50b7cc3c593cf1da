"""What reviewers did with the requests that were chosen."""

from datetime import datetime, timedelta
from random import Random

from cbpone.accounts.models import User
from cbpone.audit.verbs import Verb
from cbpone.demo.parole.filing import Filing
from cbpone.demo.parole.telling import ParoleTelling
from cbpone.demo.shelf import Shelf
from cbpone.notifications.statuses import Template
from parole.models import Decision, Flag, SupportRequest

CONFIRMED = 0.82  # of worked cases, to April 2024
LETTERS = {
    "confirm": "We looked at your request and confirm that you can support {name}.",
    "not_confirm": "We do not confirm your request for {name}. You may file again.",
    "more_info": "We need one more paper to decide on your request for {name}: {why}",
    "fingerprints": "We need your fingerprints to go on with your request for {name}.",
    "fraud_hold": "We are looking into a question about your request for {name}.",
}
WHY = {
    "income_low": "The money shown is not enough for everybody supported.",
    "income_unproven": "Send your last tax return or three pay stubs.",
    "false": "Something in the request is not true.",
}
STATUS = {
    "confirm": "confirmed",
    "not_confirm": "not_confirmed",
    "more_info": "more_info",
    "fingerprints": "fingerprints",
    "fraud_hold": "fraud_hold",
}
VERB = {
    "confirm": Verb.CONFIRMED,
    "not_confirm": Verb.NOT_CONFIRMED,
    "more_info": Verb.INFO_ASKED,
    "fingerprints": Verb.FINGERPRINTS_ASKED,
    "fraud_hold": Verb.HELD,
}


class Outcomes:
    def __init__(
        self,
        rng: Random,
        now: datetime,
        shelf: Shelf,
        telling: ParoleTelling,
        reviewers: list[User],
    ):
        self.rng, self.now, self.shelf, self.reviewers = rng, now, shelf, reviewers
        self.telling = telling
        self.waiting: list[tuple[datetime, Filing, Decision]] = []
        self.confirmed: list[tuple[Filing, datetime]] = []

    def decide(self, filing: Filing, chosen_at: datetime, wish: str = "") -> None:
        """`wish` names the outcome; else chance decides, and time whether it is decided yet."""
        rng = self.rng
        at = chosen_at + timedelta(days=rng.uniform(0.4, 9), hours=rng.uniform(2, 9))
        if at > self.now and not wish:
            return
        at = min(at, self.now - timedelta(hours=rng.uniform(1, 20)))
        outcome = wish or self._outcome(filing, at)
        officer, other = rng.sample(self.reviewers, 2)
        reason = self._reason(filing, outcome)
        name = filing.written.full_name
        letter = LETTERS[outcome].format(name=name, why=WHY.get(reason, ""))
        decision = Decision(
            request=filing.request,
            outcome=outcome,
            reason=reason,
            letter=letter,
            status="made",
            proposed_by=officer,
            proposed_at=at - timedelta(minutes=20),
            closed_by=other if outcome == "not_confirm" else officer,
            closed_at=at,
            asked_until=(at + timedelta(days=30)).date() if outcome == "more_info" else None,
        )
        self.waiting.append((at, filing, decision))

    def _outcome(self, filing: Filing, at: datetime) -> str:
        rng, fresh = self.rng, self.now - at < timedelta(days=12)
        if fresh and rng.random() < 0.3:
            held = ["more_info", "more_info", "fingerprints"]
            return "fraud_hold" if filing.planted else rng.choice(held)
        good = 0.35 if filing.planted else CONFIRMED + 0.06
        return "confirm" if rng.random() < good else "not_confirm"

    def _reason(self, filing: Filing, outcome: str) -> str:
        if outcome == "not_confirm":
            return "false" if filing.planted else "income_low"
        reasons = {"confirm": "meets", "more_info": "income_unproven", "fingerprints": "checks"}
        return reasons.get(outcome, "identity")

    def save(self, until: datetime) -> None:
        """Carry out what was decided up to then."""
        due = sorted((one for one in self.waiting if one[0] <= until), key=lambda one: one[0])
        self.waiting = [one for one in self.waiting if one[0] > until]
        for at, filing, decision in due:
            self._carry_out(at, filing, decision)
        fields = ["status", "taken_by", "taken_at", "decided_by", "decided_at"]
        SupportRequest.objects.bulk_update([one.request for _at, one, _d in due], fields)
        Decision.objects.bulk_create(decision for _at, _one, decision in due)
        for at, filing, decision in due:
            owner = filing.request.owner
            self.telling.tell(
                Template.REQUEST_DECISION, about=decision, user=owner, at=at, status="made"
            )
        self._judge([decision for _at, _one, decision in due])

    def _carry_out(self, at: datetime, filing: Filing, decision: Decision) -> None:
        request, outcome = filing.request, decision.outcome
        request.status = STATUS[outcome]
        request.taken_by, request.taken_at = decision.proposed_by, at - timedelta(minutes=50)
        if outcome in ("confirm", "not_confirm"):
            request.decided_by, request.decided_at = decision.closed_by, at
        told = {"on": request, "case": request.reference}
        self.shelf.event(Verb.TAKEN, at=request.taken_at, by=request.taken_by, **told)
        self.shelf.event(
            VERB[outcome],
            at=at,
            by=decision.closed_by,
            before="selected",
            after=request.status,
            **told,
        )
        if outcome == "confirm":
            self.confirmed.append((filing, at))

    def _judge(self, decisions: list[Decision]) -> None:
        """Whoever decided had said of each lead what it means."""
        by_request = {
            one.request_id: one
            for one in decisions
            if one.outcome in ("confirm", "not_confirm", "fraud_hold")
        }
        judged = list(Flag.objects.filter(request__in=by_request, cleared_at=None, verdict=""))
        for flag in judged:
            decision = by_request[flag.request_id]
            bad = decision.outcome != "confirm"
            flag.verdict = "fraud" if bad else "explained"
            flag.note = "Looked at closely: it does not fit." if bad else "A family, all real."
            flag.judged_by = decision.proposed_by
            flag.judged_at = decision.proposed_at - timedelta(minutes=5)
        Flag.objects.bulk_update(judged, ["verdict", "note", "judged_by", "judged_at"])
