from functools import cache

from django import template
from django.apps import apps
from django.utils.translation import gettext as _

from cbpone.audit.verbs import Verb
from cbpone.photos.refusals import SHORT
from cbpone.photos.statuses import Advice
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


@cache
def _own_words(model: str) -> dict[str, str]:
    """The words of a model's own status, or of what is said in its place."""
    try:
        fields = {field.name: field for field in apps.get_model(model)._meta.fields}
    except (LookupError, ValueError):
        return {}
    found = next((fields[name] for name in ("status", "verdict") if name in fields), None)
    return dict(found.choices or ()) if found else {}


@register.filter
def told(event) -> str:
    """The note of an event as a family reads it: the title of a saved page, not its fields."""
    if event.verb == Verb.PHOTO_JUDGED:
        return str(dict(Advice.choices).get(event.note, event.note))
    if event.verb == Verb.PHOTO_REFUSED:
        return str(SHORT.get(event.note, event.note))
    if event.verb != Verb.SAVED:
        return event.note
    key = event.note.split(":")[0]
    question = PERSON.get(key) or FAMILY.get(key)
    return str(question.title) if question else str(_("Who is travelling"))


@register.filter
def nobody_known(event) -> str:
    """Who did what no account did: the portal by itself, or whoever had the link for a phone."""
    if event.verb == Verb.PHONE_LINK_OPENED:
        return _("Somebody with the link")
    return _("The portal")


@register.filter
def status_word(code, model=""):
    """'checked_in' as people say it; anything else stays as it is. Parole has words of its own."""
    usual = PAROLE if model.startswith("parole.") else PORTS
    return _own_words(model).get(code) or usual.get(code, code)
