"""A request from the signature on: sign and file, the line, answers, letters, corrections."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.typed import sent
from parole import answering, filing
from parole.choices import FilerType, PaperKind
from parole.dossier import Dossier, read_dossier
from parole.forms.support import AnswerForm, InvitationAddressForm, SignForm
from parole.forms.support_person import is_child
from parole.models import Authorization, Decision, SupportRequest
from parole.questions.support import title_of
from parole.statuses import DecisionStatus, RequestStatus
from parole.summary.history import history_of
from parole.summary.line import CHIPS, chip_word, line_of
from parole.summary.support import sections
from parole.views.support import frame, kicker, own, show_draft

# What officers do among themselves is not told here: leads, proposals and what became of them.
TOLD = {
    Verb.REQUEST_STARTED, Verb.SAVED, Verb.PERSON_ADDED, Verb.PERSON_REMOVED, Verb.PAPER_ADDED,
    Verb.PAPER_REMOVED, Verb.FILED, Verb.POOLED, Verb.REQUEST_WITHDRAWN, Verb.SELECTED, Verb.TAKEN,
    Verb.PUT_BACK, Verb.INFO_ASKED, Verb.INFO_ANSWERED, Verb.FINGERPRINTS_ASKED, Verb.HELD,
    Verb.RESUMED, Verb.CONFIRMED, Verb.NOT_CONFIRMED, Verb.INVITED, Verb.ADDRESS_CORRECTED,
    Verb.VIEWED, Verb.PRINTED,
}  # fmt: skip


def own_filed(request, reference) -> SupportRequest:
    mine = own(request, reference)
    return get_object_or_404(
        SupportRequest.objects.filed().select_related("selection", "beneficiary__written"),
        pk=mine.pk,
    )


def client_ip(request) -> str | None:
    """As the sign-in pages read it, behind as many proxies as the settings say."""
    try:
        return str(ipaddress.ip_address(get_adapter().get_client_ip(request)))
    except (PermissionDenied, ValueError):
        return None


@require_http_methods(["GET", "POST"])
def request_check(request, reference):
    """Everything that was written, and the signature below it."""
    mine = own(request, reference)
    if not mine.is_draft:
        return redirect("parole:request", reference)
    form = SignForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            _file(request, mine, form.cleaned_data["name"])
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("Your request is signed and filed."))
            return redirect("parole:request", reference)
    dossier = read_dossier(mine)
    context = frame(mine) | {
        "dossier": dossier,
        "sections": sections(dossier),
        "form": form,
        "obstacle": _obstacle(request.user, dossier),
        "is_child": is_child(dossier.beneficiary.written),
        "is_organization": mine.filer_type == FilerType.ORGANIZATION,
    }
    return render(request, "parole/request_check.html", context)


def _file(request, mine, name):
    filing.file(request=mine, name=name, by=request.user, ip=client_ip(request))


def _obstacle(user, dossier: Dossier) -> str:
    """Why a complete request cannot be filed today, before anybody signs in vain."""
    try:
        filing.check_can_file(user, dossier)
    except filing.NotComplete:
        return ""
    except Refused as refusal:
        return str(refusal)
    return ""


@require_safe
def request(request, reference):
    """The page of one request: the task list of a draft, the line of what was filed."""
    mine = own(request, reference)
    if mine.is_draft:
        return show_draft(request, mine)
    mine = own_filed(request, reference)
    dossier = read_dossier(mine)
    dossier.request.selection = mine.selection
    decisions = _made(mine)
    line = line_of(dossier, list(reversed(decisions)), _authorization(mine))
    question = answering.open_question(mine)
    context = {
        "mine": mine,
        "dossier": dossier,
        "name": dossier.beneficiary.written,
        "chip": CHIPS[mine.status],
        "word": chip_word(mine),
        "line": line,
        "decisions": decisions,
        "question": question,
        "is_late": answering.is_late(question),
        "can_withdraw": filing.can_withdraw(request.user, mine),
        "may_begin_anew": mine.status in (RequestStatus.WITHDRAWN, RequestStatus.NOT_CONFIRMED),
        "can_correct": filing.can_correct_address(request.user, mine),
        "may_add_papers": mine.status == RequestStatus.MORE_INFO,
    }
    return render(request, "parole/request_line.html", context)


def _made(mine: SupportRequest) -> list[Decision]:
    """Letters that were sent, the newest first. What is only proposed is nobody's yet."""
    return list(mine.decisions.filter(status=DecisionStatus.MADE).order_by("-id"))


def _authorization(mine: SupportRequest) -> Authorization | None:
    """The one that led to the airport, else the newest; its end is the person's own matter."""
    rows = Authorization.objects.filter(beneficiary__request=mine).select_related("arrival")
    return rows.order_by("-id").first()


@require_safe
def request_print(request, reference):
    mine = own_filed(request, reference)
    dossier = read_dossier(mine)
    context = {
        "mine": mine,
        "dossier": dossier,
        "sections": sections(dossier),
        "decisions": _made(mine),
        "name": dossier.beneficiary.written,
    }
    return render(request, "parole/request_print.html", context)


@require_http_methods(["GET", "POST"])
def request_answer(request, reference):
    """What an officer asked, and the answer: kept while papers are added, then sent once."""
    mine = own_filed(request, reference)
    question = answering.open_question(mine)
    if not question:
        messages.info(request, _("Nothing is asked of you on this request now."))
        return redirect("parole:request", reference)
    kept = mine.pages.filter(key=answering.ANSWER).first()
    typed = (kept.typed or {}).get("text", [""])[0] if kept else ""
    form = AnswerForm(sent(request), initial={"text": typed})
    if request.method == "POST":
        answered = _answered(request, mine, question, form)
        if answered:
            return answered
    papers = mine.papers.current().filter(kind=PaperKind.ANSWER)
    context = {
        "mine": mine,
        "name": mine.beneficiary.written,
        "question": question,
        "is_late": answering.is_late(question),
        "form": form,
        "papers": papers,
        "is_kept": bool(typed) and request.method == "GET",
    }
    return render(request, "parole/request_answer.html", context)


def _answered(request, mine, question, form):
    """Where to go next; None when the page is shown again with what was typed."""
    try:
        if "papers" in request.POST:
            answering.keep_answer(
                request=mine, text=request.POST.get("text", "")[:20_000], by=request.user
            )
            return redirect("parole:papers", mine.reference)
        if form.is_valid():
            answering.answer_info(
                decision=question, text=form.cleaned_data["text"], by=request.user
            )
            messages.success(request, _("Your answer is sent. The officer goes on with it."))
            return redirect("parole:request", mine.reference)
    except Refused as refusal:
        messages.error(request, refusal)
    return None


@require_http_methods(["GET", "POST"])
def request_withdraw(request, reference):
    mine = own_filed(request, reference)
    try:
        filing.check_can_withdraw(request.user, mine)
        if request.method == "POST":
            filing.withdraw(request=mine, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("parole:request", reference)
    if request.method == "POST":
        messages.success(request, _("Your request is withdrawn."))
        return redirect("parole:request", reference)
    context = {
        "mine": mine,
        "name": mine.beneficiary.written,
        "is_invited": mine.beneficiary.invited_at is not None,
    }
    return render(request, "parole/request_withdraw.html", context)


@require_http_methods(["GET", "POST"])
def request_address(request, reference):
    """Where the invitation goes, as long as nobody has accepted it."""
    mine = own_filed(request, reference)
    if not filing.can_correct_address(request.user, mine):
        messages.error(request, filing.AddressSettled())
        return redirect("parole:request", reference)
    form = InvitationAddressForm(sent(request), initial={"email": mine.beneficiary.written_email})
    if request.method == "POST" and form.is_valid():
        try:
            filing.correct_address(request=mine, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("The address is corrected. The invitation goes out again."))
            return redirect("parole:request", reference)
    context = {"mine": mine, "form": form, "name": mine.beneficiary.written}
    return render(request, "parole/request_address.html", context)


@require_safe
def request_history(request, reference):
    mine = own(request, reference)
    context = {
        "mine": mine,
        "kicker": kicker(mine),
        "told": history_of(mine.reference, TOLD, reader=request.user, title_of=title_of),
    }
    return render(request, "parole/request_history.html", context)
