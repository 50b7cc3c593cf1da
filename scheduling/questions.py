"""Every page of the registration: its place in the task list, its title and its form."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.forms import family, person


@dataclass(frozen=True)
class Question:
    key: str
    title: Promise
    form: type
    optional: bool = False
    # Answers that say who travels and why must be signed again; an address need not be.
    reopens: bool = False
    intro: str | Promise = ""


PERSON = {
    question.key: question
    for question in (
        Question("name", _("Name"), person.NameForm, reopens=True),
        Question("birth", _("Birth"), person.BirthForm, reopens=True),
        Question("nationality", _("Nationality"), person.NationalityForm, reopens=True),
        Question(
            "document",
            _("Document"),
            person.DocumentForm,
            optional=True,
            reopens=True,
            intro=_("You can skip this page if there is no document: press Save and continue."),
        ),
        Question(
            "about",
            _("More about this person"),
            person.AboutForm,
            optional=True,
            intro=_("You can skip this page: press Save and continue."),
        ),
    )
}
FAMILY = {
    question.key: question
    for question in (
        Question("contact", _("How we reach you"), family.ContactForm),
        Question(
            "emergency",
            _("Somebody to call in an emergency"),
            family.EmergencyForm,
            optional=True,
            intro=_("You can skip this page: press Save and continue."),
        ),
        Question("languages", _("Languages"), family.LanguagesForm),
        Question("whereabouts", _("Where you are now"), family.WhereaboutsForm),
        Question(
            "journey",
            _("Your journey"),
            family.JourneyForm,
            optional=True,
            intro=_("You can skip this page: press Save and continue."),
        ),
        Question("destination", _("Where you will stay"), family.DestinationForm),
        Question("ports", _("Ports you would like"), family.PortsForm),
        Question("rule", _("Questions the rule asks now"), family.RuleForm, reopens=True),
    )
}
ORDER = [
    "contact",
    "emergency",
    "languages",
    "whereabouts",
    "journey",
    "destination",
    "ports",
    "rule",
]
