"""Photo, page of the passport and proof of the parent: each is safe as soon as it is sent."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cbpone.lib.errors import Refused
from cbpone.photos.statuses import PhotoStatus
from cbpone.photos.storing import current_photo
from cbpone.photos.views.step import show_step
from parole import steps
from parole.case_dossier import read_case
from parole.choices import PaperKind
from parole.tasklist import cases as tasklist
from parole.views.cases import closed, frame, on_open_case, own
from parole.views.papers import take_upload


@require_safe
def case_photo(request, reference):
    """Open as the other pages are, and later too when an officer asks for another photo.

    What was sent is shown once more after that; the photo itself is sent to cbpone.photos.
    """
    mine = own(request, reference)
    photo = current_photo(mine.traveler)
    is_open = mine.is_editable or steps.is_asked_for_photo(mine)
    just_sent = "sent" in request.GET and photo is not None and photo.status == PhotoStatus.WAITING
    if not (is_open or just_sent):
        return closed(request, mine)
    around = frame(mine) | {
        "reason": _("Officers see that it is you who flies. No computer decides about your face."),
        "port_note": "",
    }
    if photo and photo.is_for_port:
        around["port_note"] = _(
            "An officer takes the photo at the airport. You need to do nothing."
        )
    return show_step(
        request,
        traveler=mine.traveler,
        user=request.user,
        photo=photo,
        around=around,
        closed=not is_open,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_case
def case_passport(request, mine):
    words = {
        "title": _("Page of the passport"),
        "lead": _("A photo or a scan of the page with the picture. Every letter can be read."),
        "reason": _("The officer compares it with your photo and your details."),
    }
    return _papers(request, mine, PaperKind.PASSPORT, "case_passport", words)


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_case
def case_relationship(request, mine):
    if not read_case(mine).is_minor:
        raise Http404
    words = {
        "title": _("Proof of the parent or guardian"),
        "lead": _("A birth certificate, or the paper of a court that names the guardian."),
        "reason": _(
            "A child travels only with a parent or guardian, and a paper shows who that is."
        ),
    }
    return _papers(request, mine, PaperKind.RELATIONSHIP, "case_relationship", words)


def _papers(request, mine, kind, name, words):
    taken = take_upload(request, case=mine, kinds=[kind])
    if taken.paper:
        try:
            steps.advance(beneficiary=mine, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("We have %(name)s.") % {"name": taken.paper.name})
        return redirect(f"parole:{name}", mine.reference)
    context = (
        frame(mine)
        | words
        | {
            "form": taken.form,
            "papers": mine.papers.current().filter(kind=kind),
            "may_remove": True,
            "next": tasklist.after(read_case(mine), name),
        }
    )
    return render(request, "parole/case_papers.html", context)
