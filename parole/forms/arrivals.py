"""What is asked of carriers, of people without their account, after arrival, and at the airport."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib.forms import AskingForm, DateField
from cbpone.lib.references import read_reference
from parole.choices import ArrivalDenial
from parole.models import Airport
from parole.references import AUTHORIZATION


class TravelCheckForm(AskingForm, forms.Form):
    number = forms.CharField(
        label=_("Number of the travel authorization"),
        help_text=_("It begins with T, as in T-7K4M-92QX."),
        max_length=200,
        error_messages={"required": _("Enter the number on the notice.")},
    )
    birth_date = DateField(
        label=_("Date of birth of the traveler"),
        help_text=_("So that nobody learns about an authorization that is not theirs."),
    )
    needed = ("number", "birth_date")

    def clean_number(self):
        number = read_reference(self.cleaned_data["number"], AUTHORIZATION)
        if not number:
            raise forms.ValidationError(
                _("This is not one of our numbers. Check each letter and digit.")
            )
        return number


class RetrieveForm(AskingForm, forms.Form):
    number = forms.CharField(
        label=_("I-94 number"),
        help_text=_("Eleven characters: nine digits, a letter, a digit."),
        max_length=40,
        error_messages={"required": _("Enter the I-94 number.")},
    )
    birth_date = DateField(label=_("Date of birth"))
    document_number = forms.CharField(
        label=_("Passport number"),
        help_text=_("Of the passport you travelled with."),
        max_length=40,
        error_messages={"required": _("Enter the number of the passport.")},
    )
    needed = ("number", "birth_date", "document_number")


class TestDayForm(AskingForm, forms.Form):
    day = DateField(
        label=_("On which day was the blood taken?"),
        help_text=_("The day stands on the paper of the clinic or laboratory."),
    )
    needed = ("day",)


class AirportForm(AskingForm, forms.Form):
    airport = forms.ModelChoiceField(
        Airport.objects.all(),
        to_field_name="code",
        label=_("Airport where you work today"),
        empty_label=_("Choose"),
        error_messages={
            "required": _("Choose an airport from the list."),
            "invalid_choice": _("Choose an airport from the list."),
        },
    )
    needed = ("airport",)


class ParoleForm(AskingForm, forms.Form):
    until = DateField(label=_("Parole ends on"), help_text=_("Two years at most."))
    needed = ("until",)


class DenialForm(AskingForm, forms.Form):
    denial = forms.ChoiceField(
        label=_("What happens instead"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what happens from the list."),
            "invalid_choice": _("Choose what happens from the list."),
        },
    )
    note = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write why. It stays on record.")},
    )
    needed = ("denial", "note")

    def __init__(self, *args, is_minor=False, **kwargs):
        super().__init__(*args, **kwargs)
        offered = [one for one in ArrivalDenial if is_minor or one != ArrivalDenial.HHS]
        self.fields["denial"].choices = [(one.value, one.label) for one in offered]
