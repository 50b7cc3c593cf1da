"""Every page of a beneficiary's case, in the order in which it is asked."""

from django.utils.translation import gettext_lazy as _

from parole.forms import cases
from parole.questions import Question

PERSON = (
    Question(
        "details",
        _("Your details"),
        cases.DetailsForm,
        "traveler",
        intro=_(
            "Your supporter wrote this about you. Correct what is not right. "
            "Your supporter does not see what you change."
        ),
    ),
    Question(
        "passport",
        _("Your passport"),
        cases.CasePassportForm,
        "traveler",
        intro=_("Write it as it stands in the passport you will travel with."),
    ),
    Question("where", _("Where you live, and how to reach you"), cases.WhereForm, "beneficiary"),
    Question("family", _("Your family"), cases.FamilyForm, "beneficiary"),
)
ANSWERS = (
    Question(
        "eligibility",
        _("Questions of the process"),
        cases.EligibilityForm,
        "attestation",
        intro=_("Answer as it is. No computer refuses anybody here: an officer reads it."),
    ),
    Question(
        "vaccination",
        _("Vaccinations"),
        cases.VaccinationForm,
        "attestation",
        intro=_("You need not have all of them today."),
    ),
)
QUESTIONS = (*PERSON, *ANSWERS)
CASE = {question.key: question for question in QUESTIONS}
GROUPS = (
    (_("About you"), tuple(question.key for question in PERSON)),
    (_("Questions"), tuple(question.key for question in ANSWERS)),
)


def title_of(key: str) -> str:
    question = CASE.get(key)
    return str(question.title) if question else ""
