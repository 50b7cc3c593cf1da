"""Questions to a supporter about the person they want to support."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from cbpone.lib.forms import AskingForm, DateField, PhoneField
from cbpone.travelers.choices import Document
from cbpone.travelers.forms import BIRTH_ERRORS, BIRTH_HINTS, BornForm, NamedForm
from cbpone.travelers.models import Traveler
from parole.choices import PrincipalRelation
from parole.eligibility import follows, own_process, processes
from parole.forms.support import radio
from parole.forms.support_money import DollarsField
from parole.models import Beneficiary, SupportRequest
from parole.models.beneficiaries import ADULT_AGE
from parole.statuses import OPEN, RequestStatus

OWN, FAMILY = "own", "family"


class PersonForm(NamedForm, forms.ModelForm):
    whys = {
        "given_names": _("The passport and your request have to name the same person."),
        "surnames": _("The passport and your request have to name the same person."),
        "other_names": _("So that an officer finds older papers with another name."),
    }

    class Meta:
        model = Traveler
        fields = ["given_names", "surnames", "other_names"]
        help_texts = {
            "given_names": _("As in the passport. If there is one name only, write it here."),
            "surnames": _("All of them, as in the passport. Leave empty if there are none."),
            "other_names": _("A name from before, or another way it is written."),
        }


class PersonBirthForm(BornForm, forms.ModelForm):
    birth_date = DateField(label=_("Date of birth of the person"))
    needed = ("birth_date", "sex", "birth_city", "birth_country", "marital_status")
    whys = {
        "birth_date": _("The person proves with it that the invitation is for them."),
        "birth_city": _("It tells apart people who have the same name and birth date."),
        "marital_status": _("Married children do not count as children of a family here."),
    }

    class Meta:
        model = Traveler
        fields = ["birth_date", "sex", "birth_city", "birth_country", "marital_status"]
        widgets = {"sex": forms.RadioSelect}
        help_texts = BIRTH_HINTS
        error_messages = BIRTH_ERRORS


class PassportForm(AskingForm, forms.ModelForm):
    document_expires_on = DateField(label=_("The passport is valid until"), required=False)
    needed = ("nationality",)
    whys = {
        "nationality": _("It decides which of the four processes it is."),
        "other_nationality": _("With two of the four nationalities the first one counts."),
        "document_number": _("With it nobody else can take this person's place."),
        "document_expires_on": _("Travel needs a passport that is valid on that day."),
    }

    class Meta:
        model = Traveler
        fields = [
            "nationality", "other_nationality",
            "document_number", "document_country", "document_expires_on",
        ]  # fmt: skip
        labels = {
            "document_number": _("Passport number"),
            "document_country": _("Country that gave the passport"),
        }
        help_texts = {
            "document_number": _("Leave it empty if you do not know it. The person adds it later.")
        }
        error_messages = {"nationality": {"required": _("Choose the nationality of the person.")}}

    def clean_document_number(self):
        return "".join(self.cleaned_data["document_number"].split()).upper()

    def save(self, commit=True):
        row = self.instance
        row.document_type = Document.PASSPORT if row.document_number else ""
        person = super().save(commit)
        mine = SupportRequest.objects.filter(beneficiary__written=person, principal=None)
        mine.update(process=own_process(person, processes()))
        return person


class AbroadPhoneField(PhoneField):
    """Of no country in particular, so the code of the country has to be there."""

    def clean(self, value):
        text = forms.CharField.clean(self, value).strip()
        if text and not text.startswith(("+", "00")):
            raise forms.ValidationError(_("Begin with + and the country code, as in +509."))
        return super().clean(value)


class PersonContactForm(AskingForm, forms.ModelForm):
    written_phone = AbroadPhoneField(
        label=_("Phone of the person"),
        help_text=_("With + and the country code, as in +509 37 00 1234."),
    )
    needed = ("relation", "written_email", "written_street", "written_country")
    whys = {
        "relation": _("Officers want to know how you know each other."),
        "written_email": _("If the support is confirmed, the invitation goes there."),
        "written_phone": _("It is a second way to reach the person."),
        "written_street": _("The government form asks where the person lives."),
        "written_country": _("The person has to be outside the United States."),
    }

    class Meta:
        model = Beneficiary
        fields = [
            "relation", "written_email", "written_phone", "written_street", "written_country",
        ]  # fmt: skip
        labels = {"relation": _("Who is this person to you?")}
        widgets = {"relation": forms.RadioSelect}
        help_texts = {
            "relation": _("You need not be family."),
            "written_email": _("Check each letter. Only this person should read mail there."),
            "written_street": _("A village or a shelter is a good answer."),
        }
        error_messages = {
            "relation": {"required": _("Choose who this person is to you.")},
            "written_email": {"required": _("Enter an e-mail address for the invitation.")},
            "written_street": {"required": _("Enter where the person lives now.")},
            "written_country": {"required": _("Choose the country where the person is now.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = [c for c in self.fields["relation"].choices if c[0]]

    def clean_written_country(self):
        country = self.cleaned_data["written_country"]
        if str(country) == "US":
            raise forms.ValidationError(
                _("The process is for people who are outside the United States.")
            )
        return country


def principals(request: SupportRequest) -> list[SupportRequest]:
    """Requests whose person this one may follow: the supporter's own, under their own process."""
    known = processes()
    rows = SupportRequest.objects.of_supporter(request.owner).filter(
        principal=None, status__in=[RequestStatus.DRAFT, *OPEN, RequestStatus.CONFIRMED]
    )
    rows = rows.exclude(pk=request.pk).select_related("beneficiary__written")
    return [row for row in rows if own_process(row.beneficiary.written, known)]


class ProcessForm(AskingForm, forms.Form):
    """Own nationality, or the family of somebody this supporter asks for too."""

    way = radio(_("Which way is open to this person?"), [])
    principal = forms.ChoiceField(
        label=_("Whose family?"),
        help_text=_("Somebody you have begun or filed a request for."),
    )
    relation = forms.ChoiceField(
        label=_("Who is the person to them?"),
        choices=[("", _("Choose")), *PrincipalRelation.choices],
    )
    needed = ("way",)
    whys = {
        "principal": _("A family of two nationalities travels under one process."),
        "relation": _("Only these two count as immediate family in the process."),
    }

    def __init__(self, *args, request: SupportRequest, **kwargs):
        self.request = request
        self.person = request.beneficiary.written
        self.process = own_process(self.person, processes())
        self.others = {row.reference: row for row in principals(request)}
        super().__init__(*args, initial=self._initial(), **kwargs)
        ways = []
        if self.process:
            country = self.process
            ways.append((OWN, _now("The process for %(country)s") % {"country": country}))
        if self.others and not request.family_requests.exists():
            ways.append((FAMILY, _now("The same process as somebody in the family")))
        self.fields["way"].choices = ways  # type: ignore[attr-defined]
        if not ways:
            self.fields["way"].help_text = _(
                "None is open yet. The nationality is not one of the four. A wife, husband or "
                "child can follow somebody: begin a request for that person first."
            )
            self.fields["way"].error_messages["required"] = _(
                "Leave this page for now. Everything else can be answered, and you come back here "
                "when the other request is begun."
            )
        names = {number: str(row.beneficiary.written) for number, row in self.others.items()}
        people = [("", _now("Choose")), *names.items()]
        self.fields["principal"].choices = people  # type: ignore[attr-defined]
        if FAMILY not in dict(ways):
            del self.fields["principal"], self.fields["relation"]

    def _initial(self) -> dict:
        principal = self.request.principal
        if principal:
            return {
                "way": FAMILY,
                "principal": principal.reference,
                "relation": self.request.principal_relation,
            }
        return {"way": OWN} if self.process else {}

    def clean(self):
        data = super().clean()
        if data.get("way") != FAMILY:
            return data
        if not data.get("principal"):
            self.add_error("principal", _("Choose whose family the person belongs to."))
        if not data.get("relation"):
            self.add_error("relation", _("Choose who the person is to them."))
        elif not follows(self.person, data["relation"], clock.today_in(settings.PAROLE_ZONE)):
            self.add_error(
                "relation",
                _("Only an unmarried child under 21 can follow. Check the page about the birth."),
            )
        return data

    def save(self):
        data, mine = self.cleaned_data, self.request
        if data["way"] == FAMILY:
            mine.principal = self.others[data["principal"]]
            mine.principal_relation = data["relation"]
            mine.process = own_process(mine.principal.beneficiary.written, processes())
        else:
            mine.principal, mine.principal_relation, mine.process = None, "", self.process
        mine.save(update_fields=["principal", "principal_relation", "process"])


class StayForm(AskingForm, forms.ModelForm):
    stay_months = forms.IntegerField(
        label=_("For how many months will you support the person?"),
        min_value=1,
        max_value=24,
        help_text=_("Up to 24."),
        widget=forms.NumberInput({"class": "w-4"}),
    )
    own_money = DollarsField(
        label=_("Money or income of the person in a year"),
        help_text=_("In dollars, if there is any. You can leave it empty."),
    )
    own_dependants = forms.IntegerField(
        label=_("People who depend on that person"), min_value=0, max_value=40
    )
    needed = ("stay_months",)
    whys = {
        "stay_months": _("Parole is for up to two years. Your promise is for this time."),
        "own_money": _("It counts beside your own."),
        "own_dependants": _("The government form asks for it."),
    }

    class Meta:
        model = Beneficiary
        fields = ["stay_months", "own_money", "own_dependants"]


def is_child(person: Traveler) -> bool:
    """Travels in the care of a parent or guardian, and has a request of their own all the same."""
    age = person.age_on(clock.today_in(settings.PAROLE_ZONE))
    return age is not None and age < ADULT_AGE
