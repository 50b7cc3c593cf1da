"""Check answers: everything a family wrote, with the page where each can be changed."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cbpone.lib.summary import Line, lines_of
from scheduling.family import Family
from scheduling.forms.family import LANGUAGES
from scheduling.questions import FAMILY, PERSON
from scheduling.statuses import Criterion
from scheduling.tasklist import page_url


def sections(family: Family) -> list[tuple[str, list[Line]]]:
    people = [
        (member.traveler.full_name or _("You"), _person(family, member))
        for member in family.members
    ]
    rest = [
        (str(FAMILY[key].title), _rows(FAMILY[key], family.registration, page_url(key)))
        for key in ("contact", "emergency", "whereabouts", "journey", "destination")
    ]
    return people + rest + [_wishes(family)]


def _person(family: Family, member) -> list[Line]:
    lines = []
    for question in PERSON.values():
        lines += _rows(question, member.traveler, page_url(question.key, member))
    photo = _("sent") if member.has_photo else _("an officer takes it at the port")
    url = reverse("scheduling:photo", args=[member.traveler.reference])
    return lines + [Line(_("Photo"), photo if family.has("photo", member) else "", url)]


def _rows(question, row, url: str) -> list[Line]:
    return lines_of(question.form, row, f"{url}?return=check")


def _wishes(family: Family) -> tuple[str, list[Line]]:
    mine = family.registration
    named = dict(LANGUAGES)
    spoken = [str(named.get(code, code)) for code in mine.languages]
    languages = ", ".join(spoken + ([mine.other_language] if mine.other_language else []))
    answer = getattr(mine, "rule_answer", None)
    criteria = [str(Criterion(code).label) for code in answer.criteria] if answer else []
    none = _("None of these is true for us") if answer and answer.none_applies else ""
    rows = [
        (_("Languages"), languages, "languages"),
        (_("Ports you would like"), ", ".join(port.name for port in family.ports), "ports"),
    ]
    if family.regime:
        rows.append((_("True for your family"), "; ".join(criteria) or none, "rule"))
    return _("What you asked for"), [
        Line(label, value, f"{page_url(key)}?return=check") for label, value, key in rows
    ]
