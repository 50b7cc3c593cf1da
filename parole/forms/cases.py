"""Questions to a beneficiary: who they are, where they live, who travels along, what is asked."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm, DateField, tidy_name
from cbpone.travelers.choices import Document
from cbpone.travelers.forms import BIRTH_ERRORS, BornForm, NamedForm, check_birth_date
from cbpone.travelers.models import Traveler
from parole import steps
from parole.case_dossier import TB_AGE
from parole.choices import Yes
from parole.eligibility import day_of
from parole.forms.support_person import AbroadPhoneField
from parole.models import Attestation, Beneficiary

ELSEWHERE = "elsewhere"


class NumberForm(AskingForm, forms.Form):
    """For whom the case number reached on paper."""

    number = forms.CharField(
        label=_("Case number"),
        max_length=30,
        help_text=_("It begins with B, as in B-7K4M-92QX."),
        widget=forms.TextInput({"autocomplete": "off", "class": "w-10"}),
        error_messages={"required": _("Enter the number from the message or the paper.")},
    )
    birth_date = DateField(label=_("Date of birth"))
    needed = ("number", "birth_date")
    whys = {"birth_date": _("So that nobody else opens what was written about you.")}

    def clean_birth_date(self):
        return check_birth_date(self.cleaned_data["birth_date"])


class BirthDateForm(AskingForm, forms.Form):
    birth_date = DateField(label=_("Date of birth"))
    needed = ("birth_date",)
    whys = {"birth_date": _("So that nobody else opens what was written about you.")}

    def clean_birth_date(self):
        return check_birth_date(self.cleaned_data["birth_date"])


class DetailsForm(NamedForm, BornForm, forms.ModelForm):
    birth_date = DateField(label=_("Date of birth"))
    needed = (
        "birth_date", "sex", "birth_city", "birth_country", "nationality", "marital_status",
    )  # fmt: skip
    whys = {
        "given_names": _("Your name here has to be the one in your passport."),
        "other_names": _("A name from before, or another way it is written."),
        "birth_city": _("It tells apart people who have the same name and birth date."),
        "nationality": _("It decides which process is open to you."),
        "other_nationality": _("With two of the four nationalities nothing changes for you."),
        "marital_status": _("The government form asks for it."),
    }

    class Meta:
        model = Traveler
        fields = [
            "given_names", "surnames", "other_names", "birth_date", "sex", "birth_city",
            "birth_country", "nationality", "other_nationality", "marital_status",
        ]  # fmt: skip
        widgets = {"sex": forms.RadioSelect}
        help_texts = {
            "given_names": _("As in the passport. If there is one name only, write it here."),
            "surnames": _("All of them, as in the passport. Leave empty if there are none."),
            "birth_city": _("If you do not know it, write: not known."),
        }
        error_messages = BIRTH_ERRORS | {
            "nationality": {"required": _("Choose the country of the nationality.")},
        }


class CasePassportForm(AskingForm, forms.ModelForm):
    document_expires_on = DateField(label=_("The passport is valid until"))
    needed = ("document_number", "document_country", "document_expires_on")
    whys = {
        "document_number": _("The travel authorization is for this passport and no other."),
        "document_expires_on": _("Travel needs a passport that is valid on that day."),
    }

    class Meta:
        model = Traveler
        fields = ["document_number", "document_country", "document_expires_on"]
        labels = {
            "document_number": _("Passport number"),
            "document_country": _("Country that gave the passport"),
        }
        error_messages = {
            "document_number": {"required": _("Enter the number. It is on the photo page.")},
            "document_country": {"required": _("Choose the country that gave the passport.")},
        }

    def clean_document_number(self):
        number = "".join(self.cleaned_data["document_number"].split()).upper()
        if not number:
            raise forms.ValidationError(_("Enter the number. It is on the photo page."))
        return number

    def save(self, commit=True):
        self.instance.document_type = Document.PASSPORT
        return super().save(commit)


class WhereForm(AskingForm, forms.ModelForm):
    phone = AbroadPhoneField(
        label=_("Phone"), help_text=_("With + and the country code, as in +509 37 00 1234.")
    )
    needed = ("street", "country")
    whys = {
        "street": _("A village or a shelter is a good answer."),
        "country": _("The process is for people outside the United States."),
        "phone": _("We call nobody. It is for text messages, if you want them."),
    }

    class Meta:
        model = Beneficiary
        fields = ["street", "country", "phone", "text_messages"]
        error_messages = {
            "street": {"required": _("Enter where you live now.")},
            "country": {"required": _("Choose the country where you live now.")},
        }

    def clean(self):
        data = super().clean()
        if data.get("text_messages") and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter a phone number for the text messages."))
        return data


class FamilyForm(AskingForm, forms.ModelForm):
    """For a child also: who brings it. Without that the page can be saved and gone on with."""

    guardian_case = forms.ChoiceField(label=_("Who brings the child?"), widget=forms.RadioSelect)
    guardian_number = forms.CharField(
        label=_("Case number of the parent or guardian"),
        max_length=30,
        help_text=_("Only if it is in another account. It begins with B."),
        widget=forms.TextInput({"autocomplete": "off", "class": "w-10"}),
    )
    guardian_birth = DateField(
        label=_("Date of birth of the parent or guardian"),
        required=False,
        help_text=_("Only if the case is in another account."),
    )
    whys = {
        "family_along": _("Families are looked at together where that is possible."),
        "family_left": _("The government form asks. It changes nothing for you."),
        "guardian_case": _("A child under 18 travels in the care of a parent or legal guardian."),
        "guardian_relation": _("A paper has to show it, such as a birth certificate."),
    }
    OF_CHILD = ("guardian_case", "guardian_number", "guardian_birth", "guardian_relation")

    class Meta:
        model = Beneficiary
        fields = ["family_along", "family_left", "guardian_relation"]
        labels = {"guardian_relation": _("Who is that person to the child?")}
        help_texts = {
            "family_along": _("Names and case numbers. Leave it empty if nobody does."),
            "family_left": _("Husband, wife, children, parents. You can leave it empty."),
        }
        widgets = {
            "family_along": forms.Textarea({"rows": 3}),
            "family_left": forms.Textarea({"rows": 3}),
            "guardian_relation": forms.RadioSelect,
        }

    def __init__(self, *args, instance, **kwargs):
        self.day = clock.today_in(settings.PAROLE_ZONE)
        self.is_minor = instance.is_minor_on(self.day)
        self.guardian = instance.guardian
        self.own = {row.reference: row for row in steps.guardians_of(instance, self.day)}
        initial = kwargs.pop("initial", None) or self._initial(instance)
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        if not self.is_minor:
            for name in self.OF_CHILD:
                del self.fields[name]
            return
        names = [(number, str(row.traveler)) for number, row in self.own.items()]
        self.fields["guardian_case"].choices = [
            *names,
            (ELSEWHERE, _now("Somebody whose case is in another account")),
        ]
        _without_empty(self.fields["guardian_relation"])

    def _initial(self, instance) -> dict:
        guardian = instance.guardian
        if not guardian:
            return {}
        if guardian.reference in self.own:
            return {"guardian_case": guardian.reference}
        return {"guardian_case": ELSEWHERE, "guardian_number": guardian.reference}

    def clean(self):
        data = super().clean()
        if not self.is_minor:
            return data
        chosen = data.get("guardian_case")
        if chosen == ELSEWHERE:
            self.guardian = self._elsewhere(data)
        elif chosen:
            self.guardian = self.own[chosen]
        else:
            self.guardian = None
        if not self.guardian:
            data["guardian_relation"] = ""
        elif not data.get("guardian_relation"):
            self.add_error("guardian_relation", _("Choose who that person is to the child."))
        return data

    def _elsewhere(self, data) -> Beneficiary | None:
        known = self.instance.guardian
        number, birth = data.get("guardian_number"), data.get("guardian_birth")
        if known and number == known.reference and not birth:
            return known
        if not number:
            self.add_error("guardian_number", _("Enter the case number. It begins with B."))
        if not birth and "guardian_birth" not in self.errors:
            self.add_error("guardian_birth", _("Enter the date of birth of that person."))
        if not (number and birth):
            return None
        asked = {"number": number, "birth_date": birth, "day": self.day}
        try:
            return steps.find_guardian(case=self.instance, **asked)
        except Refused as refusal:
            self.add_error("guardian_number", str(refusal))
        return None

    def save(self, commit=True):
        self.instance.guardian = self.guardian if self.is_minor else None
        if not self.is_minor:
            self.instance.guardian_relation = ""
        return super().save(commit)


class EligibilityForm(AskingForm, forms.ModelForm):
    """Every answer is taken as it is: what it means is for an officer to say."""

    needed = (
        "outside_us", "passport_valid", "other_country", "removal_order", "irregular_entry",
        "flies_on_own",
    )  # fmt: skip
    whys = {
        "other_country": _("A second one among Cuba, Haiti, Nicaragua and Venezuela counts too."),
        "removal_order": _("If you are not sure, say yes. An officer looks it up."),
        "irregular_entry": _("Without permission, and not at a border crossing."),
        "irregular_returned": _("Only if you answered yes above."),
        "flies_on_own": _("The process is only for people who fly. Nobody pays the ticket."),
    }

    class Meta:
        model = Attestation
        fields = [
            "outside_us", "passport_valid", "other_country", "removal_order", "irregular_entry",
            "irregular_returned", "interdicted", "flies_on_own",
        ]  # fmt: skip
        widgets = dict.fromkeys(fields, forms.RadioSelect)
        error_messages = dict.fromkeys(fields, {"required": _("Choose yes or no.")})

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        for field in self.fields.values():
            _without_empty(field)
        process = instance.beneficiary.request.process
        self.fields["irregular_entry"].label = _now(
            "Did you enter the United States, Mexico or Panama irregularly after %(day)s?"
        ) % {"day": day_of(process.irregular_entry_after)}
        if process.interdicted_after:
            day = day_of(process.interdicted_after)
            label = _now("Were you stopped at sea after %(day)s, on the way to the United States?")
            self.fields["interdicted"].label = label % {"day": day}
            self.fields["interdicted"].required = True
        else:
            del self.fields["interdicted"]

    def clean(self):
        data = super().clean()
        if data.get("irregular_entry") != Yes.YES:
            data["irregular_returned"] = ""
        elif not data.get("irregular_returned"):
            self.add_error("irregular_returned", _("Choose yes or no. You answered yes above."))
        return data


class VaccinationForm(AskingForm, forms.ModelForm):
    needed = ("measles", "polio", "covid")
    one_of = ("tb_agreed",)  # a condition of parole: never called optional, and never forced
    whys = {
        "measles": _("The process asks for these three before travel, or for an exception."),
        "tb_agreed": _(
            "Everybody aged 2 or older has it after arrival. There is nothing to do now."
        ),
    }

    class Meta:
        model = Attestation
        fields = ["measles", "polio", "covid", "tb_agreed"]
        widgets = dict.fromkeys(("measles", "polio", "covid"), forms.RadioSelect)
        error_messages = dict.fromkeys(
            ("measles", "polio", "covid"), {"required": _("Choose one of the three.")}
        )

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        for name in ("measles", "polio", "covid"):
            _without_empty(self.fields[name])
        age = instance.beneficiary.person.age_on(clock.today_in(settings.PAROLE_ZONE))
        if age is not None and age < TB_AGE:
            del self.fields["tb_agreed"]


def _without_empty(field) -> None:
    field.choices = [choice for choice in field.choices if choice[0]]


class AttestForm(AskingForm, forms.Form):
    true = forms.BooleanField(
        label=_("Everything written here is true as far as I know"),
        error_messages={"required": _("Say that what is written is true.")},
    )
    checks = forms.BooleanField(
        label=_("I agree that officers check who I am and whether I may travel"),
        error_messages={"required": _("Say that you agree. Without checks nobody may travel.")},
    )
    name = forms.CharField(
        label=_("Write your name to sign"),
        max_length=200,
        error_messages={"required": _("Write your name. It is your signature.")},
    )
    needed = ("true", "checks", "name")

    def clean_name(self):
        name = tidy_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write your name. It is your signature."))
        return name
