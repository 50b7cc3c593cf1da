"""Photo, page of the passport and proof of the parent: each is safe as soon as it is sent."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cbpone.lib.errors import Refused
from cbpone.photos.forms import PhotoForm
from cbpone.photos.pipeline import TooLargeFile
from cbpone.photos.storing import current_photo, keep_photo
from parole import pages, steps
from parole.case_dossier import read_case
from parole.choices import PaperKind
from parole.tasklist import cases as tasklist
from parole.views.cases import frame, on_open_case, own
from parole.views.papers import take_upload


@require_http_methods(["GET", "HEAD", "POST"])
def case_photo(request, reference):
    """Open as the other pages are, and later too when an officer asks for another photo."""
    mine = own(request, reference)
    if steps.is_asked_for_photo(mine):
        return _photo(request, mine)
    return on_open_case(_photo)(request, reference)


def _photo(request, mine):
    """The same way as the photo for an appointment; no computer decides about a face."""
    form = PhotoForm()
    if request.method == "POST":
        form = PhotoForm(request.POST, request.FILES)
        try:
            if getattr(request, "upload_too_large", False):
                raise TooLargeFile
            if form.is_valid():
                _keep(request, mine, form.cleaned_data)
                return _after_photo(request, mine)
        except Refused as refusal:
            form = PhotoForm.refused(request.FILES, str(refusal))
    photo = current_photo(mine.traveler)
    asked = photo is not None and photo.is_asked_again
    context = frame(mine) | {
        "form": form,
        "photo": photo,
        "asked": asked,
        "sent": "sent" in request.GET and photo is not None and not asked,
        "next": tasklist.after(read_case(mine), "case_photo"),
    }
    return render(request, "parole/case_photo.html", context)


def _keep(request, mine, data):
    upload = data.get("camera") or data.get("photo")
    keep_photo(
        traveler=mine.traveler,
        data=upload.read(),
        by=request.user,
        case=mine.reference,
        check=lambda: _check_still_open(request.user, mine),
    )
    if mine.is_editable:
        steps.advance(beneficiary=mine, by=request.user)


def _after_photo(request, mine):
    if mine.is_editable:
        return redirect(f"{reverse('parole:case_photo', args=[mine.reference])}?sent=1")
    messages.success(request, _("We have the photo. An officer looks at it. Your place is kept."))
    return redirect("parole:case", mine.reference)


def _check_still_open(user, mine):
    """Sent to the officers from another tab meanwhile: the photo they look at stays."""
    pages.hold(mine)
    steps.check_can_send_photo(user, mine)


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
