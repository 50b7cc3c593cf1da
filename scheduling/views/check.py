from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cbpone.lib.forms import AskingForm, DateField
from cbpone.lib.limits import TooMany, count_try
from cbpone.lib.references import read_reference
from cbpone.lib.typed import sent
from scheduling import tickets
from scheduling.models import Appointment


class CheckForm(AskingForm, forms.Form):
    number = forms.CharField(
        label=_("Number of the appointment"),
        help_text=_("It begins with A, as in A-7K4M-92QX."),
        max_length=200,
        error_messages={"required": _("Enter the number on the paper or message.")},
    )
    birth_date = DateField(
        label=_("Date of birth of one person in the family"),
        help_text=_("So that nobody learns about an appointment that is not theirs."),
    )
    needed = ("number", "birth_date")

    def clean_number(self):
        number = read_reference(self.cleaned_data["number"], "A")
        if not number:
            raise forms.ValidationError(
                _("This is not one of our numbers. Check each letter and digit.")
            )
        return number


@login_not_required
@require_http_methods(["GET", "POST"])
def check(request, reference="", signature=""):
    """Yes or no, and nothing else, to somebody who knows the number and one birth date."""
    signed = bool(reference) and tickets.is_signed(reference, signature)
    form = CheckForm(sent(request), initial={"number": reference if signed else ""})
    answer = None
    if request.method == "POST" and form.is_valid():
        try:
            count_try("check", form.cleaned_data["number"], most=10, seconds=3600)
        except TooMany as refusal:
            form.add_error(None, str(refusal))
        else:
            answer = is_current(**form.cleaned_data)
    context = {"form": form, "answer": answer, "broken_code": bool(reference) and not signed}
    return render(request, "scheduling/check.html", context)


def is_current(number, birth_date) -> bool:
    return (
        Appointment.objects.live()
        .filter(
            reference=number,
            attendances__left_at=None,
            attendances__traveler__birth_date=birth_date,
        )
        .exists()
    )
