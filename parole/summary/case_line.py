"""The line of a case: what is done, whose turn it is, what comes next. No guesses at times."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parole.case_dossier import CaseDossier
from parole.choices import DenialReason
from parole.eligibility import day_of
from parole.models import Authorization, Beneficiary
from parole.statuses import WITH_PHOTO
from parole.summary.line import DONE, NEXT, NOW, TURN, Line
from parole.tuberculosis import needs_tb_test

CHIPS = {
    "invited": ("now", gettext_lazy("Your turn")),
    "details_confirmed": ("now", gettext_lazy("Your turn")),
    "attested": ("now", gettext_lazy("Your turn")),
    "photo_submitted": ("now", gettext_lazy("Your turn")),
    "ata_pending": ("now", gettext_lazy("With the officers")),
    "ata_approved": ("done", gettext_lazy("Travel authorized")),
    "ata_denied": ("gone", gettext_lazy("Not authorized")),
    "ata_expired": ("late", gettext_lazy("Ran out")),
    "ata_cancelled": ("gone", gettext_lazy("Cancelled")),
    "travelled": ("now", gettext_lazy("Arrived")),
    "paroled": ("done", gettext_lazy("Paroled")),
    "parole_denied": ("gone", gettext_lazy("Parole denied")),
}  # the statuses' own words are too long for a phone


def chip_of(case: Beneficiary):
    """(kind, word) of the mark beside a case."""
    return CHIPS.get(case.status, ("gone", gettext_lazy("Ended")))


def what_now(case: Beneficiary, is_photo_asked: bool = False) -> str:
    """One sentence for the list of cases."""
    if case.is_editable:
        return _("It is your turn: go on where you stopped.")
    if is_photo_asked and case.status in WITH_PHOTO:
        return _("An officer asks for another picture. Your place is kept.")
    sentences = {
        "ata_pending": _("Officers have it. Nothing is needed from you now."),
        "ata_approved": _("Travel is authorized."),
        "ata_denied": _("Travel was not authorized."),
        "ata_expired": _("The travel authorization has run out. You can ask again."),
        "ata_cancelled": _("The travel authorization was cancelled."),
        "travelled": _("You arrived at the airport."),
        "paroled": _("You were paroled into the United States."),
        "parole_denied": _("Parole was denied at the airport."),
    }
    return sentences.get(case.status, _("It has ended. Nothing is needed from you."))


def line_of(dossier: CaseDossier, authorization: Authorization | None, place: int | None) -> Line:
    """The whole way of this case so far, and what is known of the rest.

    `place` is the one in the queue of people for whom a month had no number left.
    """
    line, case = Line(), dossier.case
    line.add(DONE, _("You accepted the invitation."), case.claimed_at)
    if case.is_editable:
        _own_steps(line, dossier)
    elif case.submitted_at:
        line.add(DONE, _("You sent everything to the officers."), case.submitted_at)
    if authorization:
        line.add(DONE, _("An officer authorized travel."), authorization.approved_at)
    now = {
        "ata_pending": lambda: _waiting(line, place),
        "ata_approved": lambda: _authorized(line, authorization),
        "ata_denied": lambda: _denied(line, case),
        "ata_expired": lambda: _expired(line, authorization),
        "ata_cancelled": lambda: _cancelled(line, authorization),
        "travelled": lambda: _travelled(line, authorization),
        "paroled": lambda: _paroled(line, authorization),
        "parole_denied": lambda: _parole_denied(line, authorization),
        "closed": lambda: _closed(line, case),
    }
    now.get(case.status, lambda: None)()
    return line


def _own_steps(line: Line, dossier: CaseDossier) -> None:
    case = dossier.case
    photo = dossier.photo and dossier.has_passport_page
    steps = [
        (
            dossier.details_done,
            _("You checked your details."),
            _("You check and correct your details."),
        ),
        (
            case.attested_at is not None,
            _("You answered the questions and signed."),
            _("You answer the questions and sign."),
        ),
        (
            bool(photo),
            _("You sent a photo and the page of the passport."),
            _("You send a photo and the page of the passport."),
        ),
        (False, "", _("You send everything to the officers.")),
    ]
    is_first = True
    for is_done, done, text in steps:
        if is_done:
            line.add(DONE, done)
        else:
            line.add(TURN if is_first else NEXT, text)
            is_first = False
    line.add(NEXT, _("Officers decide whether you may travel."))
    line.add(NEXT, _("You fly at your own cost. An officer at the airport decides about parole."))


def _waiting(line: Line, place: int | None) -> None:
    if place is None:
        line.add(NOW, _("Officers look at what you sent. We write to you when they decide."))
    else:
        line.add(
            NOW,
            _(
                "The month is full: every authorization of it is given. You keep your place and "
                "are number %(place)s of those who wait. You need not do anything."
            )
            % {"place": place},
        )
    line.add(NEXT, _("If travel is authorized, you have 90 days to fly."))


def _authorized(line: Line, authorization: Authorization | None) -> None:
    if authorization:
        day = {"day": day_of(authorization.valid_until)}
        line.add(TURN, _("You may fly. Arrive on %(day)s at the latest.") % day)
    line.add(
        NEXT,
        _("An officer at the airport looks at your case. The authorization promises no parole."),
    )


def _denied(line: Line, case: Beneficiary) -> None:
    reasons = dict(DenialReason.choices)
    why = reasons.get(case.denial_reason)
    text = _("An officer did not authorize travel.")
    line.add(DONE, f"{text} {why}." if why else text)


def _expired(line: Line, authorization: Authorization | None) -> None:
    if authorization:
        day = {"day": day_of(authorization.valid_until)}
        line.add(DONE, _("The authorization ran out on %(day)s.") % day)
    line.add(TURN, _("You can ask for another one. Your answers and papers are still here."))


def _cancelled(line: Line, authorization: Authorization | None) -> None:
    why = dict(DenialReason.choices).get(authorization.reason) if authorization else ""
    text = _("An officer cancelled the authorization. You cannot fly with it.")
    line.add(DONE, f"{text} {why}." if why else text, authorization and authorization.ended_at)


def _arrived(line: Line, authorization: Authorization | None):
    arrival = getattr(authorization, "arrival", None)
    if arrival:
        place = {"airport": arrival.airport}
        line.add(DONE, _("You arrived at %(airport)s.") % place, arrival.arrived_at)
    return arrival


def _travelled(line: Line, authorization: Authorization | None) -> None:
    _arrived(line, authorization)
    line.add(NOW, _("An officer at the airport decides about parole."))


def _paroled(line: Line, authorization: Authorization | None) -> None:
    arrival = _arrived(line, authorization)
    line.add(
        DONE, _("An officer paroled you into the United States."), arrival and arrival.decided_at
    )
    if arrival and arrival.tb_reported_on:
        line.add(DONE, _("You reported the tuberculosis test."))
    elif arrival and needs_tb_test(arrival):
        day = {"day": day_of(arrival.tb_due_on)}
        line.add(TURN, _("You have a blood test for tuberculosis by %(day)s, and report it.") % day)
    record = getattr(arrival, "i94", None)
    if record:
        line.add(NEXT, _("Your parole ends on %(day)s.") % {"day": day_of(record.admitted_until)})


def _parole_denied(line: Line, authorization: Authorization | None) -> None:
    arrival = _arrived(line, authorization)
    why = arrival.get_denial_display() if arrival and arrival.denial else ""
    text = _("An officer denied parole.")
    line.add(DONE, f"{text} {why}." if why else text, arrival and arrival.decided_at)


def _closed(line: Line, case: Beneficiary) -> None:
    line.add(DONE, _("The request that this case belongs to has ended."), case.closed_at)
