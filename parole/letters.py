"""Letters of decisions: a first draft in the supporter's language, which the reviewer edits."""

from datetime import date, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from parole.models import SupportRequest

TEMPLATES = {
    "confirm": "parole/letters/confirm.txt",
    "not_confirm": "parole/letters/not_confirm.txt",
    "more_info": "parole/letters/more_info.txt",
    "fingerprints": "parole/letters/fingerprints.txt",
    "fraud_hold": "parole/letters/fraud_hold.txt",
}

# What the letter says of the reason. Each pair of choices.REASONS has its own words.
WHY = {
    ("confirm", "meets"): _("What you showed us is enough to help %(person)s for up to two years."),
    ("not_confirm", "income_low"): _(
        "The money you showed us is not enough for everybody you support, %(person)s included."
    ),
    ("not_confirm", "income_unproven"): _(
        "The papers we have do not show the money that the request names."
    ),
    ("not_confirm", "status_unproven"): _(
        "The papers we have do not show your status in the United States."
    ),
    ("not_confirm", "identity"): _("We could not make sure from the papers who you are."),
    ("not_confirm", "beneficiary_unclear"): _(
        "We could not make sure from the request who %(person)s is."
    ),
    ("not_confirm", "housing"): _(
        "The request does not show a place to live with enough room for %(person)s."
    ),
    ("not_confirm", "duplicate"): _("There is another request for %(person)s already."),
    ("not_confirm", "false"): _("Something in the request does not agree with what we found."),
    ("not_confirm", "safety"): _("We could not make sure that %(person)s would be safe."),
    ("not_confirm", "not_eligible"): _(
        "From what the request says, this process is not open to %(person)s."
    ),
    ("more_info", "income_unproven"): _(
        "Send papers that show the money: a tax return, pay stubs or a letter from your bank."
    ),
    ("more_info", "income_low"): _(
        "The money named does not yet show how you would help everybody you support. "
        "Send papers about other money or savings, or about somebody who helps you."
    ),
    ("more_info", "status_unproven"): _(
        "Send a paper that shows your status in the United States, such as a passport or a card."
    ),
    ("more_info", "identity"): _(
        "Send a paper that shows who you are, with your name, date of birth and photo."
    ),
    ("more_info", "beneficiary_unclear"): _(
        "Write to us who %(person)s is: full name, date of birth and passport number."
    ),
    ("more_info", "housing"): _(
        "Tell us where %(person)s would live, and send a lease or another paper about the housing."
    ),
    ("more_info", "plan"): _(
        "Write to us how you would help %(person)s in the first months: housing, work, school "
        "and health."
    ),
    ("fingerprints", "checks"): _("The fingerprints are part of the checks of every supporter."),
    ("fingerprints", "identity"): _("With the fingerprints we make sure who you are."),
    ("fraud_hold", "identity"): _("We have a question about who filed the request."),
    ("fraud_hold", "false"): _("Something in the request does not agree with what we found."),
    ("fraud_hold", "duplicate"): _("There is more than one request for %(person)s."),
    ("fraud_hold", "safety"): _("We have a question about whether %(person)s would be safe."),
    ("fraud_hold", "checks"): _("The checks of this request are not finished."),
}


def language_of(user) -> str:
    """The language that letters to this account are written in."""
    return user.language or settings.LANGUAGE_CODE


def answer_by() -> date:
    """The last day to answer a question that is asked today, on the office's calendar."""
    return clock.today_in(settings.PAROLE_ZONE) + timedelta(days=settings.ANSWER_DAYS)


def draft_letter(request: SupportRequest, outcome: str, reason: str) -> str:
    """What is decided, why, what is safe and what comes next, in the supporter's language.

    Only for pairs of choices.REASONS; anything else is a bug and raises KeyError.
    """
    person = str(request.beneficiary.written)
    with translation.override(language_of(request.owner)):
        context = {
            "supporter": str(request.supporter),
            "person": person,
            "number": request.reference,
            "why": str(WHY[outcome, reason]) % {"person": person},
            "until": date_format(answer_by(), "j F Y"),
            "case": "" if request.beneficiary.written_email else request.beneficiary.reference,
        }
        return render_to_string(TEMPLATES[outcome], context).strip()
