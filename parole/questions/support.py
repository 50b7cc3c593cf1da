"""Every page of a supporter's request, in the order in which it is asked."""

from django.utils.translation import gettext_lazy as _

from parole.forms import support, support_money, support_person
from parole.questions import Question

SKIP = _("You can skip this page: press Save and continue.")

YOU = (
    Question("name", _("Your name"), support.NameForm, "supporter"),
    Question("birth", _("Your birth and citizenship"), support.BirthForm, "supporter"),
    Question("status", _("Your status and numbers"), support.StatusForm, "supporter"),
    Question("contact", _("How we reach you"), support.ContactForm, "supporter"),
    Question("address", _("Where you live"), support.AddressForm, "supporter"),
)
WITH = (
    Question("filer", _("Alone, or with others"), support.FilerForm, "request"),
    Question("organization", _("The organization"), support.OrganizationForm, "request"),
)
PERSON = (
    Question(
        "person",
        _("Who you want to support"),
        support_person.PersonForm,
        "written",
        intro=_(
            "One person. Everybody else has a request of their own, children too. "
            "A child travels in the care of a parent or guardian."
        ),
    ),
    Question("person_birth", _("Birth of the person"), support_person.PersonBirthForm, "written"),
    Question("passport", _("Nationality and passport"), support_person.PassportForm, "written"),
    Question("process", _("Which process"), support_person.ProcessForm),
    Question(
        "person_contact",
        _("Where the person is, and how to reach them"),
        support_person.PersonContactForm,
        "beneficiary",
    ),
    Question("stay", _("For how long"), support_person.StayForm, "beneficiary"),
)
MONEY = (
    Question("work", _("Your work and income"), support_money.WorkForm, "supporter"),
    Question("household", _("Your household"), support_money.HouseholdForm, "supporter"),
    Question(
        "assets",
        _("What you own"),
        support_money.AssetsForm,
        "supporter",
        optional=True,
        intro=SKIP,
    ),
)
HOME = (
    Question("housing", _("Where the person will live"), support.HousingForm, "request"),
    Question("plan", _("Your plan for the first months"), support.PlanForm, "request"),
)
FINISH = (Question("preparer", _("Help with this form"), support.PreparerForm, "request"),)
QUESTIONS = {
    question.key: question
    for group in (YOU, WITH, PERSON, MONEY, HOME, FINISH)
    for question in group
}
# Pages that are a list of people, not one form.
LIST_TITLES = {
    "others": _("Who supports with you"),
    "carried": _("People you support already"),
}
LIST_FORMS = {"others": support_money.OtherForm, "carried": support_money.CarriedForm}
GROUPS = (
    (_("You"), ("name", "birth", "status", "contact", "address")),
    (_("The person"), ("person", "person_birth", "passport", "process", "person_contact", "stay")),
    (_("With others or an organization"), ("filer", "others", "organization")),
    (_("Money"), ("work", "household", "assets", "carried")),
    (_("Home and plan"), ("housing", "plan")),
)
LAST = ("preparer",)


def title_of(key: str) -> str:
    """How people know a page; empty for one that is not a page."""
    question = QUESTIONS.get(key)
    return str(question.title if question else LIST_TITLES.get(key, ""))
