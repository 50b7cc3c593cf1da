"""Check answers of a case: what the person says, with the page where each line can be changed."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cbpone.lib.summary import EMPTY, Line, shown
from parole.case_dossier import CaseDossier
from parole.forms.cases import FamilyForm
from parole.models import Attestation
from parole.questions import Question
from parole.questions.cases import CASE, GROUPS
from parole.tasklist.cases import page_url


def form_of(question: Question, case, data=None):
    """The form of a page on its row as it is now."""
    rows = {
        "traveler": lambda: case.traveler,
        "beneficiary": lambda: case,
        "attestation": lambda: attestation_of(case),
    }
    return question.form(data, instance=rows[question.of]())


def attestation_of(case) -> Attestation:
    """The answers given so far; a row not yet stored when there are none."""
    found = Attestation.objects.filter(beneficiary=case).first() or Attestation()
    found.beneficiary = case
    return found


def sections(dossier: CaseDossier) -> list[tuple[str, list[Line]]]:
    """Every answer under the title of its group, each with its Change link."""
    found = [
        (str(title), [line for key in keys for line in _lines(dossier, CASE[key])])
        for title, keys in GROUPS
    ]
    found.insert(1, (_("Photo and papers"), _sent(dossier)))
    return found


def _lines(dossier: CaseDossier, question: Question) -> list[Line]:
    url = f"{page_url(dossier, question.key)}?return=check"
    form = form_of(question, dossier.case)
    lines = [
        Line(str(field.label), shown(form.instance, name), url)
        for name, field in form.fields.items()
        if hasattr(form.instance, name)
    ]
    needed = {str(field.label) for field in form.fields.values() if field.required}
    lines = [line for line in lines if line.value not in EMPTY or line.label in needed]
    if isinstance(form, FamilyForm):
        lines += _family(dossier, url)
    return lines


def _family(dossier: CaseDossier, url: str) -> list[Line]:
    case, guardian = dossier.case, dossier.case.guardian
    if not dossier.is_minor:
        alone = not (case.family_along or case.family_left)
        return [Line(_("Family"), _("Nobody named"), url)] if alone else []
    who = ""
    if guardian:
        is_own = guardian.user_id == case.user_id
        who = str(guardian.traveler) if is_own else guardian.reference
    return [Line(_("Who brings the child"), who, url)]


def _sent(dossier: CaseDossier) -> list[Line]:
    reference = [dossier.case.reference]
    rows = [
        (_("Photo"), "case_photo", dossier.photo is not None),
        (_("Page of the passport"), "case_passport", dossier.has_passport_page),
    ]
    if dossier.is_minor:
        rows.append((_("Proof of the parent or guardian"), "case_relationship", dossier.has_proof))
    return [
        Line(label, _("sent") if there else "", reverse(f"parole:{name}", args=reference))
        for label, name, there in rows
    ]
