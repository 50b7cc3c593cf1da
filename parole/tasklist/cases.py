"""The task list of a case: what is done, what to go on with, what cannot begin yet."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cbpone.lib.tasklist import Task, next_task, progress, state
from parole.case_dossier import CaseDossier
from parole.questions.cases import CASE, GROUPS, QUESTIONS, title_of
from parole.statuses import BeneficiaryStatus

__all__ = ["Task", "after", "groups", "next_task", "page_url", "progress"]


def page_url(dossier: CaseDossier, key: str) -> str:
    return reverse("parole:case_page", args=[dossier.case.reference, key])


def _url(dossier: CaseDossier, name: str) -> str:
    return reverse(f"parole:{name}", args=[dossier.case.reference])


def _task(dossier: CaseDossier, key: str) -> Task:
    url = page_url(dossier, key)
    return Task(title_of(key), url, state(dossier.is_done(key), dossier.is_begun(key)))


def _sent(title: str, url: str, done: bool) -> Task:
    return Task(title, url, state(done, False))


def photo_tasks(dossier: CaseDossier) -> list[Task]:
    tasks = [
        _sent(_("Your photo"), _url(dossier, "case_photo"), dossier.photo is not None),
        _sent(_("Page of the passport"), _url(dossier, "case_passport"), dossier.has_passport_page),
    ]
    if dossier.is_minor:
        title, url = _("Proof of the parent or guardian"), _url(dossier, "case_relationship")
        tasks.append(_sent(title, url, dossier.has_proof))
    return tasks


def sign_task(dossier: CaseDossier) -> Task:
    signed = dossier.case.attested_at is not None
    url = _url(dossier, "case_check") if signed or dossier.can_sign else ""
    return Task(
        _("Check and sign"), url, "done" if signed else "now" if dossier.can_sign else "blocked"
    )


def send_task(dossier: CaseDossier) -> Task:
    ready = dossier.case.status == BeneficiaryStatus.PHOTO_SUBMITTED
    url = _url(dossier, "case_send") if ready else ""
    return Task(_("Send to the officers"), url, "now" if ready else "blocked")


def groups(dossier: CaseDossier) -> list[tuple[str, list[Task]]]:
    (about, about_keys), (asked, asked_keys) = GROUPS
    return [
        (str(about), [_task(dossier, key) for key in about_keys]),
        (_("Photo and papers"), photo_tasks(dossier)),
        (str(asked), [_task(dossier, key) for key in asked_keys]),
        (_("Finish"), [sign_task(dossier), send_task(dossier)]),
    ]


def tasks_of(dossier: CaseDossier) -> list[Task]:
    return [task for _title, tasks in groups(dossier) for task in tasks]


def after(dossier: CaseDossier, key: str) -> str:
    """Where Continue leads: the next thing that is not done yet, else the case."""
    order = [question.key for question in QUESTIONS]
    tasks = tasks_of(dossier)
    here = page_url(dossier, key) if key in CASE else _url(dossier, key)
    urls = [task.url for task in tasks]
    place = urls.index(here) + 1 if here in urls else len(order)
    left = [task for task in tasks[place:] if task.state in ("now", "todo") and task.url]
    return left[0].url if left else _url(dossier, "case")
