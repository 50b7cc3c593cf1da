"""Whom an officer stands too near to: what they declared, and what supervisors end."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cbpone.audit import conflicts as rules
from cbpone.audit.choices import Relative
from cbpone.audit.log import record
from cbpone.audit.models import Conflict
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm, DateField, tidy_name
from cbpone.lib.keys import read_key
from cbpone.lib.typed import sent
from officers import duties

MOST = 100  # rows of a list that is looked through, not searched


class ConflictForm(AskingForm, forms.Form):
    """One case by its number, or one person by name and date of birth."""

    case = forms.CharField(
        label=gettext_lazy("Number of the case"),
        max_length=30,
        help_text=gettext_lazy("It begins with R, S, B or W, as in R-7K4M-92QX."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "w-20"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Or the whole name of the person"),
        max_length=200,
        help_text=gettext_lazy("Given names and surnames, in any order. Leave the number empty."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    birth_date = DateField(label=gettext_lazy("and their date of birth"))
    relation = forms.ChoiceField(
        label=gettext_lazy("Who this is to you"),
        choices=Relative.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say who this is to you.")},
    )
    needed = ("relation",)
    one_of = ("case", "name", "birth_date")

    def clean_case(self):
        typed = self.cleaned_data["case"]
        number = duties.read_case_number(typed)
        if typed and not number:
            raise forms.ValidationError(
                _("This is not a whole number of a case. Look at each letter once more.")
            )
        return number or ""

    def clean_name(self):
        return tidy_name(self.cleaned_data["name"])

    def clean(self):
        values = super().clean()
        if self.errors:
            return values
        case, name, birth = (values.get(key) for key in ("case", "name", "birth_date"))
        if case and (name or birth):
            self.add_error("case", _("Give a number or a person, not both at once."))
        elif name and not birth:
            self.add_error("birth_date", _("Names repeat. Add the day, the month and the year."))
        elif birth and not name:
            self.add_error("name", _("Add the name of the person."))
        elif not case and not name:
            self.add_error("case", _("Give the number of the case, or a name."))
        return values


@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request):
    """One's own declarations and the form for another; for supervisors those of their officers."""
    user = request.user
    if not user.has_perm(rules.DECLARE):
        raise PermissionDenied
    form = ConflictForm(sent(request), initial={"case": request.GET.get("case", "")[:30]})
    if request.method == "POST" and form.is_valid():
        try:
            duties.declare(by=user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("case", str(refusal))
        else:
            messages.success(request, _("On record. Other officers decide about this from now on."))
            return redirect("officers:conflicts")
    return render(request, "officers/duties/conflicts.html", _context(user, form))


def _context(user, form) -> dict:
    others = duties.conflicts_seen_by(user)
    if user.has_perm(duties.SEE_CONFLICTS):
        record(Verb.VIEWED, on=user, by=user, note="conflicts of interest")
    return {
        "form": form,
        "port": duties.clock_port(user),
        "own": Conflict.objects.filter(officer=user).select_related("ended_by")[:MOST],
        "others": others.standing()[:MOST],
        "sees_others": user.has_perm(duties.SEE_CONFLICTS),
        "may_end": user.has_perm(rules.END),
    }


@require_POST
def end(request):
    if not request.user.has_perm(rules.END):
        raise PermissionDenied
    seen = Conflict.objects.filter(officer=request.user) | duties.conflicts_seen_by(request.user)
    row = get_object_or_404(seen, pk=read_key(request.POST.get("conflict", "")))
    try:
        rules.end(conflict=row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Ended. %s may decide about it again.") % row.officer)
    return redirect("officers:conflicts")
