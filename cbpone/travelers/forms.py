"""Checks that every form about a person makes."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from cbpone.lib.forms import AskingForm, tidy_name

OLDEST = date(1900, 1, 1)


def check_birth_date(day: date | None) -> date | None:
    if day and day > clock.now().date():
        raise forms.ValidationError(_("This day is still to come. Check the year."))
    if day and day < OLDEST:
        raise forms.ValidationError(_("Check the year. It should be 1900 or later."))
    return day


def check_name(form, data) -> None:
    """One name of either kind is enough; signs that nobody sees are left out."""
    for name in ("given_names", "surnames", "other_names"):
        if data.get(name):
            data[name] = tidy_name(data[name])
    typed = {"given_names", "surnames"} & set(form.errors)
    if not data.get("given_names") and not data.get("surnames") and not typed:
        form.add_error("given_names", _("Enter the name. One name is enough."))


class NamedForm(AskingForm):
    """Mix into a form with names: one name of either kind is enough."""

    one_of = ("given_names", "surnames")

    def clean(self):
        data = super().clean()
        check_name(self, data)
        return data


BIRTH_HINTS = {"birth_city": _("If you do not know it, write: not known.")}
BIRTH_ERRORS = {
    "sex": {"required": _("Choose one of the three.")},
    "birth_city": {"required": _("Enter the town or village, or write: not known.")},
    "birth_country": {"required": _("Choose the country of birth.")},
}


class BornForm(AskingForm):
    """Mix into a form with a date of birth, and with sex as a choice without an empty one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sex = self.fields.get("sex")
        if sex:
            sex.choices = [choice for choice in sex.choices if choice[0]]

    def clean_birth_date(self):
        return check_birth_date(self.cleaned_data["birth_date"])
