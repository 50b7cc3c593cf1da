"""Papers: the page where a supporter sends them, one paper itself, and taking one out.

For any other page with an upload (parole:case_passport, parole:case_relationship):

    taken = take_upload(request, case=beneficiary, kinds=[PaperKind.PASSPORT])
    if taken.paper:                  # a POST brought a file, and it is stored already
        return redirect(...)
    return render(request, ..., {"form": taken.form})

`taken.form` is a PaperForm: empty for a GET, and for a POST without a file or with one that cannot
be used it carries the sentence beside the field. The page needs `enctype="multipart/form-data"`.
`take_upload(..., needed=False)` leaves a POST without a file alone (`taken.is_empty`). The stored
papers of a case are `case.papers.current()`; `parole:paper` shows one, `parole:paper_remove` takes
one out and leads back to the page it is sent from.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import typed
from cbpone.lib.errors import Refused
from parole import pages
from parole.choices import PaperKind
from parole.forms.papers import PaperForm
from parole.models import Paper, SupportRequest
from parole.paper_cleaning import TooLargePaper
from parole.papers import (
    MAX_PAPERS,
    can_remove,
    keep_paper,
    kinds_for,
    papers_visible_to,
    remove_paper,
)
from parole.views.asking import is_from_check
from parole.views.support import frame, own

TYPES = {"PDF": ("application/pdf", "pdf"), "JPEG": ("image/jpeg", "jpg")}
PAGE = "papers"


@dataclass
class Taken:
    form: PaperForm
    paper: Paper | None = None
    is_empty: bool = False  # a POST that brought no file, where none is needed


def take_upload(request, *, case: pages.Case, kinds, needed: bool = True) -> Taken:
    """The form of an upload and, when a POST brought a usable file, the paper: stored already."""
    if request.method != "POST":
        return Taken(_form(request, kinds))
    form = PaperForm(request.POST, request.FILES, kinds=kinds)
    is_large = getattr(request, "upload_too_large", False)
    sent = request.FILES.get(form.add_prefix("file"))
    if sent is None and not is_large and not needed:
        return Taken(PaperForm(kinds=kinds), is_empty=True)
    try:
        if is_large:
            raise TooLargePaper
        if sent:
            keep = {"kind": form.kind_sent, "data": sent.read(), "name": sent.name or ""}
            return Taken(form, keep_paper(case=case, by=request.user, **keep))
    except Refused as refusal:
        form.errors.pop("file", None)
        form.add_error("file", str(refusal))
    return Taken(form)


def _form(request, kinds) -> PaperForm:
    """What was typed before comes back; a file that came with it waits to be sent."""
    kept = typed.sent(request) if request.method != "POST" else None
    return PaperForm(initial=kept.dict() if kept else None, kinds=kinds)


@require_http_methods(["GET", "POST"])
def papers(request, reference):
    """What was sent, and one more: a chosen file is stored whichever button is pressed."""
    mine = own(request, reference)
    kinds = kinds_for(mine)
    taken = Taken(_form(request, kinds)) if kinds else None
    if request.method == "POST" and kinds:
        goes_on = "continue" in request.POST
        taken = take_upload(request, case=mine, kinds=kinds, needed=not goes_on)
        if taken.paper and not goes_on:
            messages.success(request, _("We have %(name)s.") % {"name": taken.paper.name})
            return redirect(_same_page(request))
        if goes_on and (taken.paper or taken.is_empty):
            return redirect(_go_on(request, mine))
    elif request.method == "POST":
        messages.error(request, _("This request takes no papers now. What you sent is safe."))
        return redirect(_same_page(request))
    return render(request, "parole/papers.html", _context(request, mine, kinds, taken))


def _context(request, mine: SupportRequest, kinds, taken: Taken | None) -> dict:
    sent = list(mine.papers.current())
    return frame(mine) | {
        "groups": [
            (kind.label, [paper for paper in sent if paper.kind == kind])
            for kind in PaperKind
            if any(paper.kind == kind for paper in sent)
        ],
        "form": taken and taken.form,
        "has_room": len(sent) < MAX_PAPERS,
        "most": MAX_PAPERS,
        "is_answer": PaperKind.ANSWER in kinds,
        "may_remove": can_remove(request.user, mine),
        "back_to_check": is_from_check(request),
    }


def _same_page(request) -> str:
    return request.path + ("?return=check" if is_from_check(request) else "")


def _go_on(request, mine: SupportRequest) -> str:
    """Where Continue leads: back to the answers, on with the draft, or to the answer asked for."""
    if not mine.is_draft:
        return reverse("parole:request_answer", args=[mine.reference])
    try:
        pages.save_page(case=mine, key=PAGE, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    name = "parole:request_check" if is_from_check(request) else "parole:request"
    return reverse(name, args=[mine.reference])


@require_safe
def paper(request, reference):
    """One paper, to its own side and to officers who look after it; theirs is put on record."""
    row = get_object_or_404(papers_visible_to(request.user), reference=reference)
    content_type, ending = TYPES[row.format]
    try:
        file = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    if request.user.is_staff:
        case = row.request or row.beneficiary
        record(Verb.VIEWED, on=row, by=request.user, case=case.reference, note=row.kind)
    response = FileResponse(file, content_type=content_type)
    shown = "inline" if row.format == "JPEG" else "attachment"
    name = f"paper-{str(row.reference)[:8]}.{ending}"
    response["Content-Disposition"] = f'{shown}; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def paper_remove(request, reference):
    row = get_object_or_404(papers_visible_to(request.user), reference=reference)
    try:
        remove_paper(paper=row, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("%(name)s is removed.") % {"name": row.name})
    return redirect(_page_of(request, row))


def _page_of(request, row):
    if row.request:
        url = reverse("parole:papers", args=[row.request.reference])
        return url + ("?return=check" if is_from_check(request) else "")
    page = "case_passport" if row.kind == PaperKind.PASSPORT else "case_relationship"
    return reverse(f"parole:{page}", args=[row.beneficiary.reference])
