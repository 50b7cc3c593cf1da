"""Letters of travel officers: a first draft in the person's language, which the officer edits."""

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from parole.choices import DenialReason, LetterAbout, SendBack
from parole.letters import language_of
from parole.models import Beneficiary, TravelLetter
from parole.travel_officers import LetterMissing

TEMPLATES = {
    "denied": "parole/letters/travel_denied.txt",
    "cancelled": "parole/letters/travel_cancelled.txt",
    "sent_back": "parole/letters/travel_sent_back.txt",
}
# An authorization given by mistake is cancelled; a case is never denied for that.
REASONS: dict[str, list] = {
    "denied": [one for one in DenialReason if one != DenialReason.ERROR],
    "cancelled": list(DenialReason),
    "sent_back": list(SendBack),
}
ENDS = {
    "vetting": _("A check before travel came back with a concern."),
    "ineligible": _("One of the answers shows that this process is not open to %(person)s."),
    "passport": _("The passport is not valid, or we cannot read it."),
    "identity": _("We could not make sure that the photo and the passport show the same person."),
    "minor": _(
        "A child travels with a parent or guardian. We could not see who travels with %(person)s."
    ),
    "support": _("The support for %(person)s has ended, and travel needs a supporter."),
    "error": _("We gave it by mistake. The mistake is ours, and we are sorry for it."),
}
ASKS = {
    "photo": _("Send another photo of the face: from the front, in daylight, without a hat."),
    "passport": _("Send the passport page with the photo again, with every letter on it sharp."),
    "details": _(
        "Look at the details of %(person)s again: one of them does not agree with the passport."
    ),
    "answers": _("Look at the questions again: one of the answers needs another look."),
    "guardian": _(
        "Name the parent or guardian who travels with %(person)s, and send the paper that shows it."
    ),
}


def why(beneficiary: Beneficiary, about: str, reason: str) -> str:
    """What the letter says of the reason, as a sentence in the language that is active."""
    sentences = ASKS if about == LetterAbout.SENT_BACK else ENDS
    return str(sentences[reason]) % {"person": beneficiary.person}


def draft(beneficiary: Beneficiary, about: str, reason: str, number: str = "") -> str:
    """What is decided, why, what is safe and what comes next, in the person's language.

    `number` is that of the authorization which ends. Only for reasons of REASONS; anything else
    is a bug and raises KeyError.
    """
    with translation.override(language_of(beneficiary.user)):
        context = {
            "person": str(beneficiary.person),
            "case": beneficiary.reference,
            "number": number,
            "why": why(beneficiary, about, reason),
        }
        return render_to_string(TEMPLATES[about], context).strip()


def write(beneficiary: Beneficiary, about: str, letter: str, by) -> TravelLetter:
    """Keeps the letter as it stands, in the transaction of its decision. Refuses an empty one."""
    if not letter.strip():
        raise LetterMissing
    return TravelLetter.objects.create(
        beneficiary=beneficiary,
        about=about,
        letter=letter,
        language=language_of(beneficiary.user),
        written_by=by,
    )
