"""Notes of events as an officer reads them: many hold the code of a reason, a lead or a field."""

from datetime import date
from typing import Any

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cbpone.accounts.choices import WhyKept
from cbpone.audit.verbs import Verb
from cbpone.photos.refusals import SHORT
from cbpone.photos.statuses import Advice, GroupKind, Measure
from cbpone.travelers.models import Traveler
from parole.choices import ArrivalDenial, DenialReason, PaperKind, Picked, Reason, SendBack, Signal
from parole.models import Attestation, Beneficiary, Supporter, SupportRequest
from parole.questions.cases import CASE
from parole.questions.support import LIST_TITLES, QUESTIONS
from scheduling.questions import FAMILY, PERSON

register = template.Library()
CODES = {
    **dict.fromkeys((Verb.PROPOSED, Verb.AGREED, Verb.CONFIRMED, Verb.NOT_CONFIRMED), Reason),
    **dict.fromkeys((Verb.INFO_ASKED, Verb.FINGERPRINTS_ASKED, Verb.HELD), Reason),
    **dict.fromkeys((Verb.ATA_DENIED, Verb.ATA_CANCELLED), DenialReason),
    **dict.fromkeys((Verb.PAPER_ADDED, Verb.PAPER_REMOVED), PaperKind),
    Verb.SENT_BACK: SendBack,
    Verb.PAROLE_DENIED: ArrivalDenial,
    Verb.PHOTO_JUDGED: Advice,
    Verb.FORM_KEPT: WhyKept,
}
WRITTEN = (Traveler, Beneficiary, Supporter, SupportRequest, Attestation)
PORTS, PAROLE = FAMILY | PERSON, QUESTIONS | CASE
SEEN = {"letter": gettext_lazy("the letter"), "proposal": gettext_lazy("the proposed refusal")}


@register.filter
def note_words(event) -> str:
    """The note of an event; a code in it becomes its word, anything else stays as it is."""
    if event.verb == Verb.SAVED:
        return _page(event.note, PAROLE if event.model.startswith("parole.") else PORTS)
    if event.verb in CODES:
        return str(dict(CODES[event.verb].choices).get(event.note, event.note))
    tell = TOLD.get(event.verb)
    return str(tell(event.note)) if tell and event.note else event.note


def _lead(note: str) -> str:
    signal, _colon, why = note.partition(": ")
    return f"{dict(Signal.choices).get(signal, signal)}: {why}"


def _leads(note: str) -> str:
    if not note.isdecimal():
        return note
    return ngettext("%(n)s stands", "%(n)s stand", int(note)) % {"n": note}


def _drift(note: str) -> str:
    """'browser hinted': by what the groups differ, and in what."""
    words = dict(GroupKind.choices) | dict(Measure.choices)
    return ": ".join(str(words.get(code, code)) for code in note.split(" "))


def _details(note: str) -> str:
    return ", ".join(_detail(name) for name in note.split(", "))


def _detail(name: str) -> str:
    for model in WRITTEN:
        try:
            field: Any = model._meta.get_field(name)
            return str(field.verbose_name)
        except FieldDoesNotExist:
            continue
    return name


def _chosen(note: str) -> str:
    """'2026-11-19: draw 2': the day of the selection, how, and the place in it."""
    how, _space, place = note.rpartition(": ")[2].partition(" ")
    if how not in Picked.values or not place.isdecimal():
        return note
    return _("%(how)s, place %(place)s") % {"how": Picked(how).label, "place": place}


def _until(note: str) -> str:
    try:
        return _("until %s") % date_format(date.fromisoformat(note), "j F Y")
    except ValueError:
        return note


def _page(note: str, pages: dict) -> str:
    """'birth: birth_date, sex': the title of the page that was saved, and what changed on it."""
    key, _colon, changed = note.partition(": ")
    title = pages[key].title if key in pages else LIST_TITLES.get(key, key)
    return f"{title}: {_details(changed)}" if changed else str(title)


TOLD = {
    Verb.JUDGED: _lead,
    Verb.FLAGGED: _leads,
    Verb.CORRECTED: _details,
    Verb.CORRECTION_JUDGED: _details,
    Verb.SELECTED: _chosen,
    Verb.PAROLED: _until,
    Verb.PHOTO_REFUSED: lambda note: SHORT.get(note, note),
    Verb.DRIFT_FOUND: _drift,
    Verb.VIEWED: lambda note: SEEN.get(note, note),
}
