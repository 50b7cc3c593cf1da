"""A supporter's way to the signature: what it is, who can, the list of requests, page by page."""

from dataclasses import replace
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.lib.errors import Refused
from cbpone.lib.keys import read_key
from cbpone.lib.typed import sent
from parole import drafting, eligibility, pages
from parole.dossier import read_dossier, with_rows
from parole.forms.eligibility import EligibilityForm
from parole.models import SupportRequest
from parole.questions.support import LIST_FORMS, LIST_TITLES, QUESTIONS
from parole.statuses import RequestStatus
from parole.summary.line import CHIPS, chip_word, what_now
from parole.tasklist import support as tasklist
from parole.views.asking import Asked, ask, is_from_check

CHECK_AGAIN = gettext_lazy("You wrote this before. Check it, then save it.")


def own_requests(user):
    """Everything of this supporter but drafts that were discarded."""
    discarded = {"status": RequestStatus.WITHDRAWN, "filed_at": None}
    return SupportRequest.objects.of_supporter(user).exclude(**discarded)


def own(request, reference) -> SupportRequest:
    mine = own_requests(request.user).select_related("beneficiary__written")
    return get_object_or_404(mine, reference=reference)


def on_draft(view):
    """The view gets the supporter's draft; of a filed request the page of the case is shown."""

    @wraps(view)
    def opened(request, reference, *args, **kwargs):
        mine = own(request, reference)
        if mine.is_draft:
            return view(request, mine, *args, **kwargs)
        messages.info(request, _("This request is filed. Your answers stay as they were."))
        return redirect("parole:request", reference)

    return opened


def kicker(mine: SupportRequest) -> str:
    name = str(mine.beneficiary.written) or _("a new person")
    words = _("You are filing for %(name)s") if mine.is_draft else _("Your request for %(name)s")
    return words % {"name": name}


def frame(mine: SupportRequest) -> dict:
    """What every page of a draft shows around its question."""
    return {
        "mine": mine,
        "kicker": kicker(mine),
        "back_url": reverse("parole:request", args=[mine.reference]),
        "back_label": _("Your request"),
        "check_url": reverse("parole:request_check", args=[mine.reference]),
    }


@login_not_required
@require_safe
def support(request):
    known = sorted(eligibility.processes().values(), key=lambda process: process.country.name)
    return render(request, "parole/support_start.html", {"processes": known})


@login_not_required
@require_http_methods(["GET", "POST"])
def check_eligibility(request):
    """An honest answer to nine questions, without an account; nothing of it is stored."""
    known = eligibility.processes()
    form = EligibilityForm(sent(request), known=known)
    result = None
    if request.method == "POST" and form.is_valid():
        result = eligibility.look_at(form.cleaned_data)
    template = "parole/support_answer.html" if result else "parole/support_eligibility.html"
    return render(request, template, {"form": form, "result": result})


@require_safe
def requests(request):
    rows = [
        {"mine": row, "chip": CHIPS[row.status], "word": chip_word(row), "now": what_now(row)}
        for row in with_rows(own_requests(request.user))[:200]
    ]
    context = {
        "drafts": [row for row in rows if row["mine"].is_draft],
        "filed": [row for row in rows if not row["mine"].is_draft],
    }
    return render(request, "parole/support_requests.html", context)


@require_POST
def request_start(request):
    try:
        mine = drafting.start(by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("parole:requests")
    return redirect("parole:request", mine.reference)


def show_draft(request, mine: SupportRequest):
    dossier = read_dossier(mine)
    task_groups = tasklist.groups(dossier)
    done, needed = tasklist.progress(task_groups)
    context = frame(mine) | {
        "dossier": dossier,
        "groups": task_groups,
        "done": done,
        "needed": needed,
        "next": tasklist.next_task(task_groups),
        "saved_at": dossier.saved_at(),
    }
    return render(request, "parole/request_tasks.html", context)


@sensitive_post_parameters("ssn")
@require_http_methods(["GET", "POST"])
@on_draft
def request_page(request, mine, key):
    question = QUESTIONS.get(key)
    if not question:
        raise Http404
    dossier = read_dossier(mine)
    if tasklist.offered(dossier, key):
        question = replace(question, intro=CHECK_AGAIN)
    asked = Asked(
        case=mine,
        key=key,
        make_form=lambda data: _form(question, mine, data),
        after=lambda: tasklist.after(read_dossier(mine), key),
        template="parole/question.html",
        context=frame(mine) | {"question": question},
    )
    return ask(request, asked)


def _form(question, mine: SupportRequest, data):
    """The form on its row as it is now: `ask` holds the request before it calls this."""
    if not question.of:
        return question.form(data, request=mine)
    rows = {
        "request": lambda: mine,
        "supporter": lambda: mine.supporter,
        "beneficiary": lambda: mine.beneficiary,
        "written": lambda: mine.beneficiary.written,
    }
    return question.form(data, instance=rows[question.of]())


@require_http_methods(["GET", "POST"])
@on_draft
def request_people(request, mine, key):
    """A list of people, confirmed as a whole by Continue."""
    if key not in LIST_TITLES:
        raise Http404
    if request.method == "POST":
        return _people_confirmed(request, mine, key)
    dossier = read_dossier(mine)
    page = dossier.pages.get(key)
    context = frame(mine) | {
        "key": key,
        "title": LIST_TITLES[key],
        "is_others": key == "others",
        "people": dossier.others if key == "others" else dossier.carried,
        "is_offered": tasklist.offered(dossier, key),
        "saved_at": page.saved_at if page else None,
        "back_to_check": is_from_check(request),
    }
    return render(request, "parole/request_people.html", context)


def _people_confirmed(request, mine, key):
    try:
        pages.save_page(case=mine, key=key, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    if is_from_check(request):
        return redirect("parole:request_check", mine.reference)
    return redirect(tasklist.after(read_dossier(mine), key))


@require_http_methods(["GET", "POST"])
@on_draft
def request_people_add(request, mine, key):
    if key not in LIST_FORMS:
        raise Http404
    form = LIST_FORMS[key](sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            drafting.add_listed(request=mine, kind=key, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            return redirect("parole:request_people", mine.reference, key)
    context = frame(mine) | {"form": form, "key": key, "title": LIST_TITLES[key]}
    return render(request, "parole/request_people_add.html", context)


@require_POST
@on_draft
def request_people_remove(request, mine, key):
    number = read_key(request.POST.get("number", ""))
    if key not in LIST_TITLES or not number:
        raise Http404
    try:
        drafting.remove_listed(request=mine, kind=key, number=number, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    return redirect("parole:request_people", mine.reference, key)


@require_http_methods(["GET", "POST"])
@on_draft
def request_discard(request, mine):
    if request.method == "POST":
        try:
            drafting.discard(request=mine, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal)
            return redirect("parole:request", mine.reference)
        messages.success(request, _("The draft is discarded. Nothing was filed."))
        return redirect("parole:requests")
    return render(request, "parole/request_discard.html", frame(mine))
