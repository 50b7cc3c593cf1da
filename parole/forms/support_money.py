"""Questions about a supporter's money, and who helps with it. Whole U.S. dollars."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from cbpone.lib.forms import AskingForm, DateField, tidy_name
from cbpone.travelers.forms import check_birth_date
from parole.choices import FormType, SupporterStatus
from parole.forms.support import need, radio
from parole.models import Carried, CoSupporter, Supporter
from parole.models.supporters import MOST_DOLLARS

CENTS = re.compile(r"[.,]\d\d$")
SEPARATOR = re.compile(r"[.,'\s]")
GROUPED = re.compile(r"\d{1,3}([.,'\s]\d{3})+")


class DollarsField(forms.IntegerField):
    """`$64,000.00` and `64000` are the same; cents are left out."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("In dollars, as in 64,000. Write 0 if there is none."))
        super().__init__(
            min_value=0,
            max_value=MOST_DOLLARS,
            widget=forms.TextInput({"inputmode": "numeric", "class": "w-10"}),
            error_messages={"invalid": _("Write the dollars in digits, as in 64,000.")},
            **kwargs,
        )

    def to_python(self, value):
        return super().to_python(plain_digits(value) if isinstance(value, str) else value)


def plain_digits(text: str) -> str:
    """64,000 and 64.000 and 64 000 are one sum; what could be read in two ways stays as it is."""
    text = CENTS.sub("", text.strip().removeprefix("$").strip())
    return SEPARATOR.sub("", text) if GROUPED.fullmatch(text) else text.replace(".", "?")


class WorkForm(AskingForm, forms.ModelForm):
    employment = radio(
        _("Do you work?"),
        Supporter._meta.get_field("employment").choices,
        error_messages={"required": _("Choose one.")},
    )
    annual_income = DollarsField(
        label=_("Your own income in a year"),
        help_text=_("All of it, before taxes, in dollars. Write 0 if there is none."),
    )
    needed = ("employment", "annual_income")
    whys = {
        "employment": _("Officers look at how you earn the money you help with."),
        "employer": _("An officer can see it on your tax papers too."),
        "occupation": _("It says how steady the income is."),
        "annual_income": _("No sum is fixed. Officers look at everything together."),
    }

    class Meta:
        model = Supporter
        fields = ["employment", "employer", "occupation", "annual_income"]
        help_texts = {
            "employer": _("If you have a job or a business."),
            "occupation": _("If you have a job or a business."),
        }
        error_messages = {"annual_income": {"required": _("Enter your income, or 0.")}}

    def clean(self):
        data = super().clean()
        if data.get("employment") in ("employed", "self_employed"):
            need(
                self,
                {
                    "employer": _("Enter who you work for, or the name of your business."),
                    "occupation": _("Enter what work you do."),
                },
            )
        return data


class HouseholdForm(AskingForm, forms.ModelForm):
    household_size = forms.IntegerField(
        label=_("People in your household"),
        min_value=1,
        max_value=40,
        help_text=_("Yourself included. The person you want to support is not counted yet."),
    )
    household_income = DollarsField(
        label=_("Income of the whole household in a year"),
        help_text=_("Yours and that of everybody who lives with you, in dollars."),
    )
    dependants = forms.IntegerField(
        label=_("People who depend on your money"),
        min_value=0,
        max_value=40,
        help_text=_("Children and others you pay for, in your home or elsewhere."),
    )
    tax_year = forms.IntegerField(
        label=_("Year of your last tax return"), help_text=_("Leave empty if you filed none.")
    )
    tax_income = DollarsField(label=_("Total income on that tax return"))
    needed = ("household_size", "household_income", "dependants")
    whys = {
        "household_size": _("The same income means more for two people than for six."),
        "household_income": _("People who live together often help together."),
        "dependants": _("The same income means more for two people than for six."),
        "tax_income": _("It is the easiest way to show your income."),
    }

    class Meta:
        model = Supporter
        fields = ["household_size", "household_income", "dependants", "tax_year", "tax_income"]

    def clean_tax_year(self):
        year = self.cleaned_data["tax_year"]
        if year is not None and not 1950 <= year <= clock.now().year:
            raise forms.ValidationError(_("Write the year with four digits, as in 2025."))
        return year

    def clean(self):
        data = super().clean()
        if data.get("tax_income") is not None and "tax_year" not in self.errors:
            need(self, {"tax_year": _("Which year is this tax return for?")})
        return data


class AssetsForm(AskingForm, forms.ModelForm):
    bank = DollarsField(label=_("Money in bank accounts"))
    real_estate = DollarsField(label=_("Value of houses or land, without the mortgage"))
    securities = DollarsField(label=_("Stocks, bonds and the like"))
    other_assets = DollarsField(label=_("Other things of value"))
    whys = {"bank": _("Savings count too, above all when the income is small.")}

    class Meta:
        model = Supporter
        fields = ["bank", "real_estate", "securities", "other_assets"]


class OtherForm(AskingForm, forms.ModelForm):
    """Somebody who supports together with the one who files."""

    birth_date = DateField(label=_("Date of birth"))
    status = radio(_("Their status in the United States"), SupporterStatus.choices)
    annual_income = DollarsField(label=_("Their income in a year"))
    needed = ("given_names", "birth_date", "status", "relation", "annual_income")
    whys = {"annual_income": _("Officers add it to yours.")}

    class Meta:
        model = CoSupporter
        fields = ["given_names", "surnames", "birth_date", "status", "relation", "annual_income"]
        help_texts = {
            "relation": _("As in: my wife, my brother, a friend from church."),
        }
        error_messages = {
            "given_names": {"required": _("Enter the name. One name is enough.")},
            "relation": {"required": _("Write who this is to you.")},
        }

    def clean_given_names(self):
        return tidy_name(self.cleaned_data["given_names"])

    def clean_surnames(self):
        return tidy_name(self.cleaned_data["surnames"])

    def clean_birth_date(self):
        return check_birth_date(self.cleaned_data["birth_date"])


class CarriedForm(AskingForm, forms.ModelForm):
    """Somebody the supporter supports already, or has asked to, outside this portal."""

    form = forms.ChoiceField(
        label=_("Which form was it?"), choices=[("", _("Choose")), *FormType.choices]
    )
    filed_on = DateField(label=_("Day it was filed"), required=False)
    needed = ("name", "form")
    whys = {"form": _("It says how far your promise goes.")}

    class Meta:
        model = Carried
        fields = ["name", "form", "filed_on"]
        labels = {"name": _("Name of the person")}
        error_messages = {"name": {"required": _("Enter the name of the person.")}}

    def clean_name(self):
        name = tidy_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter the name of the person."))
        return name

    def clean_filed_on(self):
        day = self.cleaned_data["filed_on"]
        if day and (day > clock.now().date() or day.year < 1950):
            raise forms.ValidationError(_("Check the year of this day."))
        return day
