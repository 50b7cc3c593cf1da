"""The line of a filed request: what is done, who acts now, what comes next. No guesses at times.

Of the person who is to travel it tells the steps alone, never what they wrote.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from parole.choices import Outcome, Picked
from parole.dossier import Dossier
from parole.models import Authorization, Decision
from parole.statuses import DecisionStatus

DONE, NOW, TURN, NEXT = "done", "now", "turn", "next"
CHIPS = {
    "draft": "todo", "received": "now", "pending": "now", "selected": "now", "more_info": "late",
    "fingerprints": "late", "fraud_hold": "now", "confirmed": "done", "not_confirmed": "gone",
    "withdrawn": "gone",
}  # fmt: skip


def chip_word(request) -> str:
    """The status in a word or two, short enough for a phone."""
    words = {
        "draft": _("Not filed"),
        "received": _("Received"),
        "pending": _("Waiting"),
        "selected": _("In review"),
        "more_info": _("Your turn"),
        "fingerprints": _("Your turn"),
        "fraud_hold": _("On hold"),
        "confirmed": _("Confirmed"),
        "not_confirmed": _("Not confirmed"),
        "withdrawn": _("Withdrawn"),
    }
    return words[request.status]


@dataclass
class Step:
    state: str
    text: str
    at: datetime | None = None


@dataclass
class Line:
    steps: list[Step] = field(default_factory=list)

    def add(self, state: str, text: str, at=None) -> None:
        self.steps.append(Step(state, text, at))

    @property
    def is_your_turn(self) -> bool:
        return any(step.state == TURN for step in self.steps)

    @property
    def is_open(self) -> bool:
        return any(step.state in (NOW, TURN) for step in self.steps)


def what_now(request) -> str:
    """One sentence for the list of requests."""
    sentences = {
        "draft": _("Not filed yet. Go on when you are ready."),
        "received": _("We have it. Nothing is needed from you now."),
        "pending": _("It waits to be chosen for review. Nothing is needed from you now."),
        "selected": _("An officer reads it. Nothing is needed from you now."),
        "more_info": _("It is your turn: an officer asked you something."),
        "fingerprints": _("It is your turn: an officer asked for your fingerprints."),
        "fraud_hold": _("An officer looks into a question. Nothing is needed from you now."),
        "confirmed": _("Your support is confirmed. The person goes on from here."),
        "not_confirmed": _("Your support was not confirmed. The letter says why."),
        "withdrawn": _("It has ended. Nothing is needed from you."),
    }
    return sentences[request.status]


def line_of(dossier: Dossier, decisions: list[Decision], authorization) -> Line:
    """The whole way of this request so far, and what is known of the rest."""
    line, mine = Line(), dossier.request
    line.add(DONE, _("You signed and filed the request."), mine.filed_at)
    if mine.selection:
        line.add(DONE, _picked(mine), mine.selection.ran_at)
    for decision in decisions:
        _asked(line, decision)
    now = {
        "received": _received, "pending": _pending, "selected": _selected,
        "more_info": _more_info, "fingerprints": _fingerprints, "fraud_hold": _held,
        "confirmed": _confirmed, "not_confirmed": _not_confirmed, "withdrawn": _withdrawn,
    }[mine.status]  # fmt: skip
    now(line, dossier, authorization)
    return line


def _picked(request) -> str:
    if request.picked == Picked.DRAW:
        return _("The request was drawn for review from everybody who waited.")
    return _("The request was chosen for review in the order of filing.")


def _asked(line: Line, decision: Decision) -> None:
    if decision.status != DecisionStatus.MADE:
        return
    if decision.outcome == Outcome.MORE_INFO:
        line.add(DONE, _("An officer asked for more information."), decision.closed_at)
        if decision.answered_at:
            line.add(DONE, _("You answered."), decision.answered_at)
    elif decision.outcome == Outcome.FINGERPRINTS:
        line.add(DONE, _("An officer asked for your fingerprints."), decision.closed_at)


def _rest(line: Line, dossier: Dossier) -> None:
    name = dossier.beneficiary.written
    line.add(NEXT, _("The officer decides: support confirmed, or not confirmed with reasons."))
    line.add(NEXT, _("If it is confirmed, we invite %(name)s by e-mail.") % {"name": name})


def _received(line, dossier, authorization) -> None:
    line.add(NOW, _("We sort the request in. In a few minutes it waits with all others."))
    line.add(NEXT, _("It is chosen for review. Nobody can say when."))
    _rest(line, dossier)


def _pending(line, dossier, authorization) -> None:
    line.add(
        NOW,
        _(
            "The request waits to be chosen for review. Every day half of the places go by order "
            "of filing. The other half is drawn from everybody who waits."
        ),
    )
    line.add(NEXT, _("An officer reads the request and the papers."))
    _rest(line, dossier)


def _selected(line, dossier, authorization) -> None:
    line.add(NOW, _("An officer reads the request and the papers."))
    _rest(line, dossier)


def _more_info(line, dossier, authorization) -> None:
    line.add(TURN, _("It is your turn. Read the letter below and answer it here."))
    line.add(NEXT, _("The officer reads your answer and goes on."))
    _rest(line, dossier)


def _fingerprints(line, dossier, authorization) -> None:
    line.add(TURN, _("It is your turn. The letter below says where your fingerprints are taken."))
    line.add(NEXT, _("The officer goes on when the result is there."))
    _rest(line, dossier)


def _held(line, dossier, authorization) -> None:
    line.add(NOW, _("Officers look into a question about the request. It is on hold until then."))
    line.add(NEXT, _("An officer takes up the review again."))
    _rest(line, dossier)


def _not_confirmed(line, dossier, authorization) -> None:
    line.add(
        DONE,
        _("Your support was not confirmed. The letter below says why. You may file again."),
        dossier.request.decided_at,
    )


def _withdrawn(line, dossier, authorization) -> None:
    line.add(DONE, _("You withdrew the request. It has ended."), dossier.request.withdrawn_at)


def _confirmed(line, dossier, authorization: Authorization | None) -> None:
    """Steps of the person as far as a supporter may know them: no answer and no refusal."""
    person, name = dossier.beneficiary, {"name": dossier.beneficiary.written}
    line.add(DONE, _("Your support is confirmed."), dossier.request.decided_at)
    if person.invited_at:
        line.add(DONE, _("We invited %(name)s by e-mail.") % name, person.invited_at)
    if not person.claimed_at:
        line.add(NOW, _("%(name)s opens the invitation and accepts it.") % name)
        line.add(NEXT, _("%(name)s answers questions and sends a photo.") % name)
        return
    line.add(DONE, _("%(name)s accepted the invitation.") % name, person.claimed_at)
    if not person.submitted_at:
        line.add(NOW, _("%(name)s answers questions and sends a photo.") % name)
        line.add(NEXT, _("Officers decide on the travel authorization."))
        return
    line.add(DONE, _("%(name)s sent everything to the officers.") % name, person.submitted_at)
    if not authorization:
        line.add(
            NOW,
            _("The officers decide. They write to %(name)s, who can tell you the answer.") % name,
        )
        return
    line.add(DONE, _("Travel was authorized."), authorization.approved_at)
    arrival = getattr(authorization, "arrival", None)
    if arrival:
        line.add(DONE, _("%(name)s arrived at the airport.") % name, arrival.arrived_at)
        line.add(NEXT, _("You help with housing, papers and health care, as you promised."))
    else:
        line.add(NOW, _("%(name)s can tell you when and where they arrive.") % name)
        line.add(NEXT, _("You meet %(name)s at the airport.") % name)
