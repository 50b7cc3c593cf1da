"""Helping people who write or call, without reading what they wrote."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.accounts.models import User
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.keys import read_key
from cbpone.lib.typed import sent
from cbpone.notifications.models import Delivery
from cbpone.notifications.resending import RESEND, resend
from officers import help_desk


class FindForm(AskingForm, forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Whole number or whole e-mail address"),
        help_text=gettext_lazy("As the person says it: R-7K4M-92QX, or maria@example.com."),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write a number or an e-mail address.")},
    )
    needed = ("q",)

    def clean_q(self):
        typed = self.cleaned_data["q"]
        if not typed.isprintable():
            raise forms.ValidationError(_("Write it once more: it holds a sign we cannot read."))
        return typed


def _check(request) -> None:
    if not request.user.has_perm(help_desk.HELP):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def find(request):
    """By POST: an address must not stand in what servers log. Every search is on record."""
    _check(request)
    form = FindForm(sent(request))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["q"]
        record(Verb.SEARCHED, on=request.user, by=request.user, note=typed)
        person = help_desk.find_person(typed)
        if person:
            return redirect("officers:help_person", person.reference)
        form.add_error("q", _("Nobody has exactly this. Ask the person to spell it once more."))
    return render(request, "officers/duties/help.html", {"form": form})


def _person(request, reference) -> User:
    _check(request)
    return get_object_or_404(User, reference=reference, is_staff=False)


@require_safe
def person(request, reference):
    """Where this person's matters stand, in sentences, and what became of each message."""
    who = _person(request, reference)
    own = help_desk.registrations(who)
    record(Verb.VIEWED, on=who, by=request.user, case=own[0].number if own else "")
    sent = [(message, help_desk.lines_of(message)) for message in help_desk.messages(who)]
    context = {
        "who": who,
        "name": help_desk.name_of(who),
        "port": help_desk.port_of(who),
        "matters": [*own, *help_desk.requests(who), *help_desk.cases(who)],
        "sent": sent,
        "failed": sum(line[-1] for _message, lines in sent for line in lines),
        "may_resend": request.user.has_perm(RESEND),
    }
    return render(request, "officers/duties/help_person.html", context)


@require_POST
def send_again(request, reference):
    who = _person(request, reference)
    own = Delivery.objects.filter(message__user=who).select_related("message")
    delivery = get_object_or_404(own, pk=read_key(request.POST.get("delivery", "")))
    try:
        resend(delivery=delivery, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It waits to be sent again. Look back in a few minutes."))
    return redirect("officers:help_person", who.reference)
