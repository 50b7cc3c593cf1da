"""Questions about one traveler."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib.forms import AskingForm, DateField
from cbpone.travelers.choices import Relation
from cbpone.travelers.forms import BIRTH_ERRORS, BIRTH_HINTS, BornForm, NamedForm
from cbpone.travelers.models import Traveler


class NameForm(NamedForm, forms.ModelForm):
    whys = {
        "given_names": _("The officer calls you by the names in your papers."),
        "surnames": _("Given names and surnames together find your record at the port."),
        "other_names": _("So that an officer finds older papers with another name."),
    }

    class Meta:
        model = Traveler
        fields = ["given_names", "surnames", "other_names"]
        help_texts = {
            "given_names": _("As in your papers. If you have one name only, write it here."),
            "surnames": _("All of them, as in your papers. Leave empty if you have none."),
            "other_names": _("A name you had before, or another way your name is written."),
        }


class BirthForm(BornForm, forms.ModelForm):
    birth_date = DateField(label=_("Date of birth"))
    needed = ("birth_date", "sex", "birth_city", "birth_country")
    whys = {
        "birth_date": _("Name and birth date together say who you are."),
        "sex": _("It is on the form that officers use at the port."),
        "birth_city": _("It tells apart people who have the same name and birth date."),
        "birth_country": _("It is on the form that officers use at the port."),
    }

    class Meta:
        model = Traveler
        fields = ["birth_date", "sex", "birth_city", "birth_country"]
        widgets = {"sex": forms.RadioSelect}
        help_texts = BIRTH_HINTS
        error_messages = BIRTH_ERRORS


class NationalityForm(AskingForm, forms.ModelForm):
    needed = ("nationality",)
    whys = {
        "nationality": _("Some rules differ by nationality. It never changes your place in line."),
        "other_nationality": _("A second nationality can open another way for you."),
        "residence_country": _("The officer will ask where you lived before the journey."),
    }

    class Meta:
        model = Traveler
        fields = ["nationality", "other_nationality", "residence_country"]
        error_messages = {"nationality": {"required": _("Choose the country of the nationality.")}}


class DocumentForm(AskingForm, forms.ModelForm):
    document_expires_on = DateField(label=_("Valid until"), required=False)
    whys = {
        "document_type": _("A document helps, but you do not need one to ask for an appointment."),
        "document_number": _("With it no one else can register in your name."),
        "document_country": _("The officer sees which country to ask about the document."),
        "document_expires_on": _("The officer sees whether the document is still valid."),
    }

    class Meta:
        model = Traveler
        fields = [
            "document_type",
            "document_number",
            "document_country",
            "document_expires_on",
        ]

    def clean_document_number(self):
        return "".join(self.cleaned_data["document_number"].split()).upper()

    def clean(self):
        data = super().clean()
        if data.get("document_number") and not data.get("document_type"):
            self.add_error("document_type", _("Say which document this number is from."))
        return data


class AboutForm(AskingForm, forms.ModelForm):
    height_cm = forms.IntegerField(label=_("Height in centimetres"), min_value=20, max_value=260)
    weight_kg = forms.IntegerField(label=_("Weight in kilograms"), min_value=1, max_value=400)
    whys = {
        "marital_status": _("It helps to keep couples together at the port."),
        "parents_names": _("It proves who belongs together if papers are lost."),
        "height_cm": _("It helps to tell people apart when a photo is old."),
        "weight_kg": _("It helps to tell people apart when a photo is old."),
        "eye_color": _("It helps to tell people apart when a photo is old."),
        "hair_color": _("It helps to tell people apart when a photo is old."),
        "occupation": _("The government form asks. It changes nothing for your appointment."),
    }

    class Meta:
        model = Traveler
        fields = [
            "marital_status",
            "parents_names",
            "height_cm",
            "weight_kg",
            "eye_color",
            "hair_color",
            "occupation",
        ]


class PersonForm(NamedForm, forms.ModelForm):
    """Adds a person to the family by name and relation; the rest has its own pages."""

    relation = forms.ChoiceField(
        label=_("Who is this to you?"),
        choices=[choice for choice in Relation.choices if choice[0] != Relation.HEAD],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who this person is to you.")},
    )
    needed = ("relation",)

    whys = {
        "given_names": _("The officer calls each person by the names in the papers."),
        "surnames": _("Given names and surnames together find the record at the port."),
        "relation": _("A family is kept together at one port and one time."),
    }

    class Meta:
        model = Traveler
        fields = ["given_names", "surnames"]
        help_texts = {
            "given_names": _("As in the papers. For a baby without papers, the name you use."),
            "surnames": _("Leave empty if there is none."),
        }
