"""Check answers: what a supporter wrote, with the page where each line can be changed."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cbpone.lib.summary import EMPTY, Line, shown
from parole.choices import PaperKind
from parole.dossier import Dossier
from parole.forms.support_money import DollarsField
from parole.questions import Question
from parole.questions.support import GROUPS, LAST, QUESTIONS, title_of
from parole.tasklist.support import is_asked, page_url


def dollars(amount: int) -> str:
    return f"${amount:,}"


def sections(dossier: Dossier) -> list[tuple[str, list[Line]]]:
    """Every answer under the title of its group, each with its Change link."""
    keys = [*GROUPS, (_("Finish"), LAST)]
    found = [
        (
            str(title),
            [line for key in group if is_asked(dossier, key) for line in _page(dossier, key)],
        )
        for title, group in keys
    ]
    found.insert(-1, (_("Papers"), _papers(dossier)))
    return found


def _page(dossier: Dossier, key: str) -> list[Line]:
    url = f"{page_url(dossier, key)}?return=check"
    special = {"process": _process, "others": _others, "carried": _carried}
    if key in special:
        return special[key](dossier, url)
    lines = _lines(QUESTIONS[key], _row(dossier, key), url)
    if key == "status":
        lines.append(Line(_("Social Security number"), _ssn(dossier), url))
    return lines


def _row(dossier: Dossier, key: str):
    rows = {
        "supporter": dossier.supporter,
        "request": dossier.request,
        "beneficiary": dossier.beneficiary,
        "written": dossier.beneficiary.written,
    }
    return rows[QUESTIONS[key].of]


def _lines(question: Question, row, url: str) -> list[Line]:
    """A line for each stored answer, and for each that has to be there."""
    lines = []
    for name, field in question.form.base_fields.items():  # type: ignore[attr-defined]
        if not hasattr(row, name):
            continue
        value = shown(row, name)
        if value not in EMPTY and isinstance(field, DollarsField):
            value = dollars(getattr(row, name))
        if value not in EMPTY or name in question.form.needed:  # type: ignore[attr-defined]
            lines.append(Line(str(field.label), value, url))
    return lines


def _ssn(dossier: Dossier) -> str:
    last = dossier.supporter.ssn_last
    return _("ends in %(last)s") % {"last": last} if last else _("I have none")


def _process(dossier: Dossier, url: str) -> list[Line]:
    process, principal = dossier.process, dossier.request.principal
    name = _("The process for %(country)s") % {"country": process} if process else ""
    lines = [Line(title_of("process"), name, url)]
    if principal:
        family = _("%(relation)s of %(name)s") % {
            "relation": dossier.request.get_principal_relation_display(),
            "name": principal.beneficiary.written,
        }
        lines.append(Line(_("Travels as family"), family, url))
    return lines


def _others(dossier: Dossier, url: str) -> list[Line]:
    lines = [
        Line(
            str(row),
            _("%(relation)s, income %(income)s a year")
            % {"relation": row.relation, "income": dollars(row.annual_income or 0)},
            url,
        )
        for row in dossier.others
    ]
    return lines or [Line(title_of("others"), "", url)]


def _carried(dossier: Dossier, url: str) -> list[Line]:
    lines = [
        Line(
            row.name,
            ", ".join(
                [row.get_form_display()]
                + ([date_format(row.filed_on, "j F Y")] if row.filed_on else [])
            ),
            url,
        )
        for row in dossier.carried
    ]
    nobody = _("Nobody") if dossier.is_done("carried") else ""
    return lines or [Line(title_of("carried"), nobody, url)]


def _papers(dossier: Dossier) -> list[Line]:
    url = reverse("parole:papers", args=[dossier.request.reference])
    lines = [
        Line(str(PaperKind(kind).label), str(count), url)
        for kind, count in sorted(dossier.papers.items())
    ]
    return lines or [Line(_("Papers"), _("None added"), url)]
