from django import template
from django.utils.translation import gettext as _

from cbpone.audit.verbs import Verb
from parole.choices import Verdict
from parole.statuses import (
    AuthorizationStatus,
    BeneficiaryStatus,
    CapChangeStatus,
    DecisionStatus,
    RequestStatus,
)
from scheduling.questions import FAMILY, PERSON
from scheduling.statuses import AppointmentStatus, Disposition, RegistrationStatus

register = template.Library()


def _words(*statuses) -> dict[str, str]:
    return {value: label for choices in statuses for value, label in choices.choices}


PAROLE = _words(
    CapChangeStatus,
    DecisionStatus,
    Verdict,
    AuthorizationStatus,
    RequestStatus,
    BeneficiaryStatus,
)
PORTS = _words(RegistrationStatus, AppointmentStatus, Disposition)


@register.filter
def told(event) -> str:
    """The note of an event as a family reads it: the title of a saved page, not its fields."""
    if event.verb != Verb.SAVED:
        return event.note
    key = event.note.split(":")[0]
    question = PERSON.get(key) or FAMILY.get(key)
    return str(question.title) if question else str(_("Who is travelling"))


@register.filter
def status_word(code, model=""):
    """'checked_in' as people say it; anything else stays as it is. Parole has words of its own."""
    return (PAROLE if model.startswith("parole.") else PORTS).get(code, code)
