from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cbpone.lib.errors import Refused
from cbpone.lib.typed import as_data, as_typed, is_old, sent
from cbpone.photos.storing import current_photo
from cbpone.photos.views.step import show_step
from scheduling import registering, tasklist
from scheduling.family import photos_asked, read_family
from scheduling.forms.family import SignForm
from scheduling.forms.person import PersonForm
from scheduling.models import Member, Registration
from scheduling.questions import FAMILY, ORDER, PERSON
from scheduling.summary import sections


def own_registration(request) -> Registration:
    return get_object_or_404(Registration.objects.live(), owner=request.user)


def own_member(request, reference) -> Member:
    mine = Member.objects.present().filter(
        registration__owner=request.user, registration__in=Registration.objects.live()
    )
    return get_object_or_404(
        mine.select_related("registration", "traveler"), traveler__reference=reference
    )


def registration(request):
    mine = Registration.objects.live().filter(owner=request.user).first()
    if not mine:
        return render(request, "scheduling/start.html")
    family = read_family(mine)
    task_groups = tasklist.groups(family)
    done, needed = tasklist.progress(task_groups)
    context = {
        "registration": mine,
        "groups": task_groups,
        "done": done,
        "needed": needed,
        "next": tasklist.next_task(task_groups),
        "saved_at": family.saved_at(),
        "must_sign_again": mine.is_changing,
        "asked": photos_asked(family),
    }
    return render(request, "scheduling/registration.html", context)


@require_POST
def registration_start(request):
    registering.start(by=request.user)
    return redirect("scheduling:people")


def page(request, key):
    if key not in FAMILY:
        raise Http404
    return _ask(request, FAMILY[key], own_registration(request))


def person_page(request, reference, key):
    if key not in PERSON:
        raise Http404
    member = own_member(request, reference)
    return _ask(request, PERSON[key], member.registration, member)


def _ask(request, question, mine, member=None):
    """Show one page, or save it on Continue. What cannot be saved is kept as typed."""
    family = read_family(mine)
    saved = family.page(question.key, member)
    if request.method == "POST":
        try:
            form, is_kept = _answer(request, question, mine, member)
            if form.is_valid():
                return redirect(_after(request, question, mine, member))
            if is_kept:  # so that Back never asks to send the form again
                return redirect(_same_page(request))
        except Refused as refusal:
            messages.error(request, refusal)
            form = _form(question, mine, member, request.POST)
    else:
        form = _form(question, mine, member, sent(request) or (saved and saved.typed))
    return _show(request, question, mine, member, form, saved)


@transaction.atomic
def _answer(request, question, mine, member):
    """Save the page, or keep what was typed; (form, whether it was kept).

    Either happens on the rows as they are now.

    The family is held before the form reads its row: a form writes whole rows, and one read
    earlier would undo what another tab saved, even a signature.
    """
    registering.hold(mine)
    if member:
        member.traveler.refresh_from_db()
    form, is_kept = _form(question, mine, member, request.POST), False
    if form.is_valid():
        form.save()
        registering.save_page(
            registration=mine,
            key=question.key,
            by=request.user,
            member=member,
            reopens=question.reopens and bool(form.changed_data),
            changed=form.changed_data,
        )
    else:
        is_kept = _keep_typed(request, question, mine, member)
    return form, is_kept


def _same_page(request):
    back = "?return=check" if request.POST.get("return") == "check" else ""
    return request.path + back


def _form(question, mine, member, data):
    """Forms of one row take it as `instance`; the others know the registration."""
    if hasattr(question.form, "_meta"):
        return question.form(as_data(data), instance=member.traveler if member else mine)
    return question.form(as_data(data), registration=mine)


def _keep_typed(request, question, mine, member):
    typed = as_typed(request.POST)
    if typed is None:
        return False
    registering.keep_typed(
        registration=mine, key=question.key, typed=typed, by=request.user, member=member
    )
    return True


def _after(request, question, mine, member):
    if request.POST.get("return") == "check":
        return reverse("scheduling:check_answers")
    if member:
        return tasklist.after(read_family(mine), question.key, member)
    place = ORDER.index(question.key) + 1
    if place < len(ORDER):
        return reverse("scheduling:page", args=[ORDER[place]])
    return reverse("scheduling:registration")


def _show(request, question, mine, member, form, saved):
    context = {
        "registration": mine,
        "question": question,
        "member": member,
        "form": form,
        "saved_at": saved.saved_at if saved else None,
        "is_come_back_to": is_old(saved),
        "back_to_check": request.GET.get("return") == "check"
        or request.POST.get("return") == "check",
    }
    return render(request, "scheduling/question.html", context)


def people(request):
    mine = own_registration(request)
    family = read_family(mine)
    if request.method == "POST":
        try:
            registering.save_page(registration=mine, key="people", by=request.user, reopens=False)
        except Refused as refusal:
            messages.error(request, refusal)
        return redirect(_first_open(family))
    return render(request, "scheduling/people.html", {"registration": mine, "family": family})


def _first_open(family):
    for member in family.members:
        task = tasklist.person_task(family, member)
        if task.state != "done":
            return task.url
    return reverse("scheduling:registration")


@require_http_methods(["GET", "POST"])
def person_add(request):
    mine = own_registration(request)
    form = PersonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            member = registering.add_person(registration=mine, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("%s is in your family now.") % member.traveler)
            return redirect("scheduling:people")
    return render(request, "scheduling/person_add.html", {"registration": mine, "form": form})


@require_http_methods(["GET", "POST"])
def person_remove(request, reference):
    member = own_member(request, reference)
    if request.method == "POST":
        try:
            registering.remove_person(member=member, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("%s is no longer in your family here.") % member.traveler)
        return redirect("scheduling:people")
    context = {"registration": member.registration, "member": member}
    return render(request, "scheduling/person_remove.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request, reference):
    """The photo itself is sent to cbpone.photos; here a person may leave it to an officer."""
    member = own_member(request, reference)
    if request.method == "POST":
        return _at_port(request, member)
    current = current_photo(member.traveler)
    around = {
        "kicker": member.traveler.full_name or _("You"),
        "back_url": reverse("scheduling:registration"),
        "back_label": _("Your registration"),
        "reason": _("The officer sees that it is you. No computer decides about your face."),
        "port_note": "",
        "may_wait": current is None or current.is_asked_again,
    }
    if member.photo_at_port:
        words = _("An officer takes the photo at the port. You need to do nothing.")
        around |= {"port_note": words, "may_wait": False}
    return show_step(
        request, traveler=member.traveler, user=request.user, photo=current, around=around
    )


def _at_port(request, member):
    address = reverse("scheduling:photo", args=[member.traveler.reference])
    if not request.POST.get("at_port"):
        return redirect(f"{address}?refused=nothing")
    try:
        registering.choose_photo_at_port(member=member, at_port=True, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect(address)
    return redirect(f"{address}?noted=1")


def check_answers(request):
    mine = own_registration(request)
    family = read_family(mine)
    form = SignForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            registering.sign(registration=mine, name=form.cleaned_data["name"], by=request.user)
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            return redirect("scheduling:signed")
    context = {
        "registration": mine,
        "family": family,
        "sections": sections(family),
        "form": form,
    }
    return render(request, "scheduling/check_answers.html", context)


def signed(request):
    mine = own_registration(request)
    if not mine.is_ready:
        return redirect("scheduling:registration")
    context = {
        "registration": mine,
        "left_out": registering.without_a_place(mine),
        "appointment": mine.appointments.live().select_related("slot__port").first(),
    }
    return render(request, "scheduling/signed.html", context)


@require_http_methods(["GET", "POST"])
def registration_withdraw(request):
    mine = own_registration(request)
    if request.method == "POST":
        try:
            registering.withdraw(registration=mine, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal)
            return redirect("scheduling:registration")
        messages.success(request, _("Your registration is withdrawn. Nothing is booked any more."))
        return redirect("portal:my_case")
    return render(request, "scheduling/withdraw.html", {"registration": mine})
