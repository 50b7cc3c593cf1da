"""The task list of a request: what is done, what to go on with, what cannot begin yet."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cbpone.lib.summary import EMPTY
from cbpone.lib.tasklist import Task, next_task, progress, state
from parole.choices import FilerType
from parole.dossier import Dossier
from parole.questions.support import GROUPS, LAST, LIST_TITLES, QUESTIONS, title_of

__all__ = ["Task", "after", "groups", "next_task", "page_url", "progress"]


def page_url(dossier: Dossier, key: str) -> str:
    name = "parole:request_people" if key in LIST_TITLES else "parole:request_page"
    return reverse(name, args=[dossier.request.reference, key])


def is_asked(dossier: Dossier, key: str) -> bool:
    """Some pages are only for who files together with others."""
    only = {"others": FilerType.WITH_OTHERS, "organization": FilerType.ORGANIZATION}
    return key not in only or dossier.request.filer_type == only[key]


def pages(dossier: Dossier) -> list[str]:
    """The keys of all pages of this request, in order."""
    keys = [key for _title, group in GROUPS for key in group]
    return [key for key in [*keys, *LAST] if is_asked(dossier, key)]


def _task(dossier: Dossier, key: str) -> Task:
    begun = dossier.is_begun(key) or offered(dossier, key)
    question = QUESTIONS.get(key)
    return Task(
        title_of(key),
        page_url(dossier, key),
        state(dossier.is_done(key), begun),
        optional=bool(question and question.optional),
    )


def offered(dossier: Dossier, key: str) -> bool:
    """Answers of an earlier request stand on this page, and nobody looked at them yet."""
    if dossier.is_begun(key):
        return False
    if key == "carried":
        return bool(dossier.carried)
    question = QUESTIONS.get(key)
    rows = {"supporter": dossier.supporter, "request": dossier.request}
    if not question or question.of not in rows:
        return False
    names = set(question.form.base_fields) - {"email"}  # type: ignore[attr-defined]
    # The address of the account stands on the page of a first request too.
    return any(getattr(rows[question.of], name, None) not in EMPTY for name in names)


def papers_task(dossier: Dossier) -> Task:
    count = dossier.paper_count
    url = reverse("parole:papers", args=[dossier.request.reference])
    task = Task(_("Papers"), url, state(count > 0, False), optional=True)
    if count:
        task.word = _("%(count)s added") % {"count": count}
    return task


def groups(dossier: Dossier) -> list[tuple[str, list[Task]]]:
    asked = [
        (str(title), [_task(dossier, key) for key in keys if is_asked(dossier, key)])
        for title, keys in GROUPS
    ]
    ready = dossier.is_complete
    url = reverse("parole:request_check", args=[dossier.request.reference]) if ready else ""
    sign = Task(_("Check and sign"), url, "now" if ready else "blocked")
    return [
        *asked,
        (_("Papers"), [papers_task(dossier)]),
        (_("Finish"), [*(_task(dossier, key) for key in LAST), sign]),
    ]


def after(dossier: Dossier, key: str) -> str:
    """Where Continue leads: the next page that is not done yet, else the list."""
    keys = pages(dossier)
    place = keys.index(key) + 1 if key in keys else 0
    left = [one for one in keys[place:] if not dossier.is_done(one)]
    if left:
        return page_url(dossier, left[0])
    return reverse("parole:request", args=[dossier.request.reference])
