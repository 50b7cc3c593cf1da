"""The case of a beneficiary: where it stands, its pages, the signature, and sending it."""

from dataclasses import replace
from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.typed import sent
from cbpone.photos.models import Photo
from parole import steps, travel
from parole.case_dossier import CaseDossier, read_case
from parole.forms.cases import AttestForm
from parole.models import Authorization, Beneficiary
from parole.questions.cases import CASE, title_of
from parole.statuses import WITH_PHOTO, BeneficiaryStatus
from parole.summary.case_line import chip_of, line_of, what_now
from parole.summary.cases import form_of, sections
from parole.summary.history import history_of
from parole.summary.notes import notes_of
from parole.tasklist import cases as tasklist
from parole.travel_officers import can_ask_again
from parole.views.asking import Asked, ask

# What officers do among themselves is not told here: verdicts on corrections and notes.
TOLD = {
    Verb.INVITED, Verb.CLAIMED, Verb.SAVED, Verb.DETAILS_CONFIRMED, Verb.CORRECTED, Verb.ATTESTED,
    Verb.PHOTO_ADDED, Verb.PHOTO_JUDGED, Verb.PAPER_ADDED, Verb.PAPER_REMOVED, Verb.READY,
    Verb.SUBMITTED, Verb.SENT_BACK, Verb.TAKEN, Verb.PUT_BACK, Verb.AUTHORIZED, Verb.QUEUED,
    Verb.ATA_DENIED, Verb.ATA_CANCELLED, Verb.ATA_EXPIRED, Verb.ASKED_AGAIN, Verb.TRAVELLED,
    Verb.PAROLED, Verb.PAROLE_DENIED, Verb.TB_REPORTED, Verb.CASE_CLOSED, Verb.VIEWED,
    Verb.PRINTED, Verb.VERIFIED,
}  # fmt: skip


def own(request, reference) -> Beneficiary:
    mine = Beneficiary.objects.of_user(request.user)
    rows = mine.select_related("traveler", "written", "request__process", "user")
    return get_object_or_404(rows, reference=reference)


def on_open_case(view):
    """The view gets the person's case; once the officers have it, its page is shown."""

    @wraps(view)
    def opened(request, reference, *args, **kwargs):
        mine = own(request, reference)
        return view(request, mine, *args, **kwargs) if mine.is_editable else closed(request, mine)

    return opened


def closed(request, mine: Beneficiary):
    messages.info(request, _("Your answers are as you sent them. They cannot be changed now."))
    return redirect("parole:case", mine.reference)


def frame(mine: Beneficiary) -> dict:
    """What every page of a case shows around its question."""
    return {
        "case": mine,
        "kicker": _("Case of %(name)s") % {"name": mine.traveler},
        "back_url": reverse("parole:case", args=[mine.reference]),
        "back_label": _("Your case"),
        "check_url": reverse("parole:case_check", args=[mine.reference]),
    }


@require_safe
def cases(request):
    """All cases of this account: a parent holds those of the children too."""
    mine = Beneficiary.objects.of_user(request.user).select_related("traveler").order_by("id")
    asked = Photo.objects.asked_again().filter(traveler__beneficiary__in=mine)
    people = set(asked.values_list("traveler", flat=True))
    rows = [
        {"case": row, "chip": chip_of(row), "now": what_now(row, row.traveler_id in people)}
        for row in mine[:100]
    ]
    if len(rows) == 1:
        return redirect("parole:case", rows[0]["case"].reference)
    return render(request, "parole/cases.html", {"rows": rows})


@require_safe
def case(request, reference):
    """Where the case stands; while it is in the person's hands, the list of what to do."""
    mine = own(request, reference)
    dossier = read_case(mine)
    mine = dossier.case
    authorization = _authorization(mine)
    arrival = getattr(authorization, "arrival", None)
    letters = list(mine.letters.all())
    asked = letters.pop(0) if mine.sent_back_note and letters else None
    context = frame(mine) | {
        "dossier": dossier,
        "asked": asked,
        "letters": letters,
        "chip": chip_of(mine),
        "line": line_of(dossier, authorization, travel.place_in_queue(mine)),
        "has_notice": authorization is not None,
        "may_fly": mine.status == BeneficiaryStatus.ATA_APPROVED,
        "has_i94": hasattr(arrival, "i94"),
        "can_ask_again": can_ask_again(request.user, mine),
        "photo_asked": _photo_asked(dossier),
        "may_begin_anew": mine.status in ("ata_denied", "ata_cancelled", "closed"),
    }
    if mine.is_editable:
        context |= _to_do(dossier)
    return render(request, "parole/case.html", context)


def _photo_asked(dossier: CaseDossier) -> Photo | None:
    photo = dossier.photo
    is_asked = photo and photo.is_asked_again and dossier.case.status in WITH_PHOTO
    return photo if is_asked else None


def _authorization(mine: Beneficiary) -> Authorization | None:
    rows = mine.authorizations.select_related("arrival__airport", "arrival__i94")
    newest = rows.order_by("-id").first()
    if newest:
        newest.beneficiary = mine  # read already, with the person
    return newest


def _to_do(dossier: CaseDossier) -> dict:
    task_groups = tasklist.groups(dossier)
    done, needed = tasklist.progress(task_groups)
    return {
        "groups": task_groups,
        "done": done,
        "needed": needed,
        "next": tasklist.next_task(task_groups),
        "saved_at": dossier.saved_at(),
        "notes": notes_of(dossier),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_case
def case_page(request, mine, key):
    question = CASE.get(key)
    if not question:
        raise Http404
    made = []

    def make_form(data):
        made.append(form_of(question, mine, data))
        return made[-1]

    asked = Asked(
        case=mine,
        key=key,
        make_form=make_form,
        after=lambda: tasklist.after(read_case(mine), key),
        template="parole/question.html",
        context=frame(mine) | {"question": _worded(question, mine)},
    )
    with transaction.atomic():  # the page, the corrections and the status stand together
        response = ask(request, asked)
        if request.method == "POST" and response.status_code == 302 and made[-1].is_valid():
            was_signed = mine.attested_at
            steps.page_saved(beneficiary=mine, changed=_changed(made[-1]), by=request.user)
            if was_signed and not read_case(mine).case.attested_at:  # sent on before it was known
                messages.info(request, _("You changed a signed answer. Sign once more."))
                return redirect("parole:case_check", mine.reference)
    return response


def _changed(form) -> list[str]:
    """Fields with another answer than before; the same number typed with a space is none."""
    data, before = form.cleaned_data, form.initial
    return [name for name in form.changed_data if data.get(name) != before.get(name)]


def _worded(question, mine: Beneficiary):
    """A parent answers for a child, and is told so on every page."""
    if not mine.is_minor_on(steps.today()):
        return question
    intro = _("Answer for %(name)s.") % {"name": mine.traveler}
    return replace(question, intro=f"{intro} {question.intro}".strip())


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_case
def case_check(request, mine):
    """Everything that was answered, what it can mean, and the signature below it."""
    form = AttestForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            steps.attest(beneficiary=mine, name=form.cleaned_data["name"], by=request.user)
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("Signed. Your answers are kept."))
            return redirect(tasklist.after(read_case(mine), "case_check"))
    dossier = read_case(mine)
    context = frame(mine) | {
        "dossier": dossier,
        "sections": sections(dossier),
        "notes": notes_of(dossier),
        "form": form,
        "is_signed": dossier.case.attested_at is not None,
    }
    return render(request, "parole/case_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_case
def case_send(request, mine):
    """The last press: from here on the officers have the case."""
    if request.method == "POST":
        try:
            steps.submit(beneficiary=mine, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal)
            return redirect("parole:case_send", mine.reference)
        messages.success(request, _("We have everything. Officers look at it now."))
        return redirect("parole:case", mine.reference)
    dossier = read_case(mine)
    context = frame(mine) | {
        "obstacle": _obstacle(request.user, dossier),
        "notes": notes_of(dossier),
    }
    return render(request, "parole/case_send.html", context)


def _obstacle(user, dossier: CaseDossier) -> str:
    try:
        steps.check_can_submit(user, dossier)
    except Refused as refusal:
        return str(refusal)
    return ""


@require_POST
def case_ask_again(request, reference):
    mine = own(request, reference)
    try:
        travel.ask_again(beneficiary=mine, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("You asked again. Officers look at it now."))
    return redirect("parole:case", reference)


@require_safe
def case_history(request, reference):
    mine = own(request, reference)
    told = history_of(
        mine.reference,
        TOLD,
        reader=request.user,
        title_of=title_of,
        supporter=mine.request.owner_id,
    )
    return render(request, "parole/case_history.html", frame(mine) | {"told": told})
