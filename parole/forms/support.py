"""Questions to a supporter about themselves, about who helps, and how they live."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib.forms import AskingForm, DateField, PhoneField, tidy_name
from cbpone.lib.us import STATE_CHOICES, clean_zip
from cbpone.lib.vault import digest, seal
from cbpone.travelers.forms import BIRTH_ERRORS, BornForm, NamedForm
from parole.addresses import address_key
from parole.choices import FilerType, Lives, SupporterStatus, Yes
from parole.models import Supporter, SupportRequest

STREET = _("Enter the street and the number.")
CITY = _("Enter the city.")
STATE = _("Choose the state.")
ZIP = _("Enter the ZIP code. It has 5 digits, as in 78501.")


def radio(label, choices, **kwargs):
    """One of a few, shown open; nothing is chosen beforehand."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **kwargs)


def state_of(label):
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Choose")), *STATE_CHOICES[1:]],
        error_messages={"required": STATE},
    )


def need(form, sentences: dict) -> None:
    """Fields that an answer above makes necessary, each with its sentence."""
    for name, sentence in sentences.items():
        if form.cleaned_data.get(name) in ("", None) and name not in form.errors:
            form.add_error(name, sentence)


class NameForm(NamedForm, forms.ModelForm):
    whys = {
        "given_names": _("Your name has to be the one in your papers."),
        "surnames": _("Your name has to be the one in your papers."),
        "other_names": _("So that an officer finds older papers with another name."),
    }

    class Meta:
        model = Supporter
        fields = ["given_names", "surnames", "other_names"]
        help_texts = {
            "given_names": _("As in your papers. If you have one name only, write it here."),
            "surnames": _("All of them, as in your papers. Leave empty if you have none."),
        }


class BirthForm(BornForm, forms.ModelForm):
    birth_date = DateField(label=_("Your date of birth"))
    needed = ("birth_date", "sex", "birth_country", "citizenship")
    whys = {
        "birth_date": _("Name and birth date together say who you are."),
        "sex": _("The government form asks for it."),
        "birth_country": _("The government form asks for it."),
        "citizenship": _("It belongs to your status, which the next page asks about."),
    }

    class Meta:
        model = Supporter
        fields = ["birth_date", "sex", "birth_country", "citizenship"]
        widgets = {"sex": forms.RadioSelect}
        error_messages = BIRTH_ERRORS | {
            "citizenship": {"required": _("Choose the country whose citizen you are.")},
        }


class StatusForm(AskingForm, forms.ModelForm):
    """The number is stored sealed; nobody reads it back here, its last four digits are shown."""

    status = radio(_("Your status in the United States"), SupporterStatus.choices)
    status_expires_on = DateField(
        label=_("Your status is valid until"),
        required=False,
        help_text=_("Only if it ends on a day, as TPS and parole do."),
    )
    has_ssn = radio(
        _("Do you have a Social Security number?"),
        Yes.choices,
        help_text=_("You can go on without one."),
        error_messages={"required": _("Choose yes or no. Both are fine.")},
    )
    ssn = forms.CharField(
        label=_("Social Security number"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "w-10"}),
    )
    kept_words = _(
        "What you typed is still here, but not a Social Security number: type it once more."
    )
    needed = ("status", "has_ssn")
    one_of = ("ssn",)  # needed with a yes above
    whys = {
        "status": _("The process asks that you are here lawfully. All on this list may support."),
        "status_expires_on": _("You promise help for up to two years."),
        "a_number": _("An officer finds your record with it."),
        "uscis_account": _("An officer finds your record with it."),
        "ssn": _(
            "Officers check who the supporter is, to keep people safe from false supporters. "
            "It is stored locked. Only its last four digits are ever shown."
        ),
    }

    class Meta:
        model = Supporter
        fields = ["status", "status_expires_on", "a_number", "uscis_account"]
        help_texts = {
            "a_number": _("As in A012345678. On a green card or work permit."),
            "uscis_account": _("12 digits, if you have such an account."),
        }

    def __init__(self, *args, instance, **kwargs):
        self.had = instance.ssn_last
        initial = {"has_ssn": "yes"} if self.had else {}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        self.fields["ssn"].help_text = (
            _("We have the one that ends in %(last)s. Leave this empty to keep it.")
            % {"last": self.had}
            if self.had
            else _("9 digits, as in 123-45-6789.")
        )

    def clean_a_number(self):
        """Kept as written but for spaces: what is no A-number at all is a lead for officers."""
        return "".join(self.cleaned_data["a_number"].split()).upper()

    def clean_ssn(self):
        text = "".join(c for c in self.cleaned_data["ssn"] if c not in " -.\u2010\u2011\u2013")
        if text and not (len(text) == 9 and text.isascii() and text.isdigit()):
            raise forms.ValidationError(_("A Social Security number has 9 digits."))
        return text

    def clean(self):
        data = super().clean()
        if data.get("has_ssn") == Yes.YES and not self.had:
            # A page that cannot be saved is kept without the number, so it has to be told.
            need(self, {"ssn": _("Type the number. We keep it only once the page is saved.")})
        return data

    def save(self, commit=True):
        ssn, row = self.cleaned_data["ssn"], self.instance
        if self.cleaned_data["has_ssn"] == Yes.NO:
            row.ssn_sealed, row.ssn_digest, row.ssn_last = b"", "", ""
        elif ssn:
            row.ssn_sealed, row.ssn_digest, row.ssn_last = seal(ssn), digest(ssn), ssn[-4:]
        return super().save(commit)


class ContactForm(AskingForm, forms.ModelForm):
    phone = PhoneField(
        label=_("Your phone number"),
        home="+1",
        help_text=_("As in 305 555 0134. From another country with + and its code."),
    )
    needed = ("phone", "email")
    whys = {
        "phone": _("An officer can call you when something is not clear."),
        "text_messages": _("A text message comes through when the internet does not."),
        "email": _("It is written on the request. News come to the address you sign in with."),
    }

    class Meta:
        model = Supporter
        fields = ["phone", "text_messages", "email"]
        error_messages = {"email": {"required": _("Enter your e-mail address.")}}


class AddressForm(AskingForm, forms.ModelForm):
    state = state_of(_("State"))
    mailing_same = radio(
        _("Do letters reach you at this address?"),
        Yes.choices,
        help_text=_("If not, write below where they do."),
        error_messages={"required": _("Choose yes or no.")},
    )
    mailing_state = state_of(_("State, for letters"))
    needed = ("street", "city", "state", "zip", "mailing_same")
    whys = {
        "street": _("A supporter has to live in the United States."),
        "zip": _("It tells apart streets of the same name."),
        "mailing_same": _("Letters about your request go there."),
    }

    class Meta:
        model = Supporter
        fields = [
            "street", "city", "state", "zip",
            "mailing_same", "mailing_street", "mailing_city", "mailing_state", "mailing_zip",
        ]  # fmt: skip
        labels = {
            "mailing_street": _("Street and number, or P.O. box, for letters"),
            "mailing_city": _("City, for letters"),
            "mailing_zip": _("ZIP code, for letters"),
        }
        help_texts = {"street": _("With the apartment, if there is one. No P.O. box.")}
        error_messages = {
            "street": {"required": STREET},
            "city": {"required": CITY},
            "zip": {"required": ZIP},
        }

    def clean_zip(self):
        return clean_zip(self.cleaned_data["zip"])

    def clean_mailing_zip(self):
        return clean_zip(self.cleaned_data["mailing_zip"])

    def clean(self):
        data = super().clean()
        if data.get("mailing_same") == Yes.NO:
            need(
                self,
                {
                    "mailing_street": STREET,
                    "mailing_city": CITY,
                    "mailing_state": STATE,
                    "mailing_zip": ZIP,
                },
            )
        elif data.get("mailing_same") == Yes.YES:
            data |= dict.fromkeys(
                ("mailing_street", "mailing_city", "mailing_state", "mailing_zip"), ""
            )
        return data

    def save(self, commit=True):
        self.instance.address_key = address_key(self.instance.street, self.instance.zip)
        return super().save(commit)


class FilerForm(AskingForm, forms.ModelForm):
    filer_type = radio(_("How do you support this person?"), FilerType.choices)
    needed = ("filer_type",)
    whys = {"filer_type": _("Others may help you. Officers look at all incomes together.")}

    class Meta:
        model = SupportRequest
        fields = ["filer_type"]


class OrganizationForm(AskingForm, forms.ModelForm):
    needed = ("organization", "organization_contact")
    whys = {
        "organization": _("An officer may ask the organization about its help."),
        "organization_contact": _("So that there is somebody to ask."),
    }

    class Meta:
        model = SupportRequest
        fields = ["organization", "organization_contact"]
        help_texts = {"organization_contact": _("Name, and a phone number or e-mail address.")}
        error_messages = {
            "organization": {"required": _("Enter the name of the organization.")},
            "organization_contact": {"required": _("Enter the name of somebody there.")},
        }


class HousingForm(AskingForm, forms.ModelForm):
    lives = radio(_("Where will the person live?"), Lives.choices)
    housing_state = state_of(_("State"))
    bedrooms = forms.IntegerField(label=_("Bedrooms in that home"), min_value=0, max_value=40)
    occupants = forms.IntegerField(
        label=_("People who live there now"),
        min_value=0,
        max_value=100,
        help_text=_("Yourself included, if you live there."),
    )
    needed = ("lives", "bedrooms", "occupants")
    whys = {
        "lives": _("You promise safe housing. It need not be your own home."),
        "housing_street": _("So that officers see where the person will be."),
        "bedrooms": _("It shows that there is room. There is no fixed number."),
        "occupants": _("It shows that there is room. There is no fixed number."),
    }

    class Meta:
        model = SupportRequest
        fields = [
            "lives", "housing_street", "housing_city", "housing_state", "housing_zip",
            "bedrooms", "occupants",
        ]  # fmt: skip
        help_texts = {"housing_street": _("Only if the person does not live with you.")}

    def clean_housing_zip(self):
        return clean_zip(self.cleaned_data["housing_zip"])

    def clean(self):
        data = super().clean()
        address = {
            "housing_street": STREET,
            "housing_city": CITY,
            "housing_state": STATE,
            "housing_zip": ZIP,
        }
        if data.get("lives") == Lives.ELSEWHERE:
            need(self, address)
        elif data.get("lives") == Lives.WITH_ME:
            data |= dict.fromkeys(address, "")
        return data


class PlanForm(AskingForm, forms.ModelForm):
    needed = ("plan_reception", "plan_housing", "plan_work")
    whys = {
        "plan_reception": _("Nobody should stand alone at an airport."),
        "plan_housing": _("Officers read how you keep your promise."),
        "plan_work": _("Officers read how you keep your promise."),
        "plan_school": _("Officers read how you keep your promise."),
        "plan_health": _("Officers read how you keep your promise."),
    }

    class Meta:
        model = SupportRequest
        fields = ["plan_reception", "plan_housing", "plan_work", "plan_school", "plan_health"]
        widgets = {name: forms.Textarea({"rows": 4}) for name in fields}
        help_texts = {
            "plan_reception": _("In your own words. Two or three sentences are enough."),
            "plan_school": _("If there are children, or the person wants to learn."),
            "plan_health": _("What you know by now."),
        }


class PreparerForm(AskingForm, forms.ModelForm):
    has_preparer = radio(
        _("Did somebody fill this in for you, or help you with it?"),
        Yes.choices,
        help_text=_("Such as a lawyer, a church or a shop. An interpreter counts too."),
        error_messages={"required": _("Choose yes or no. Both are fine.")},
    )
    preparer_phone = PhoneField(
        label=_("Their phone"), home="+1", help_text=_("If somebody helped you.")
    )
    needed = ("has_preparer",)
    whys = {
        "has_preparer": _("It is fine to have help. The government form asks who it was."),
        "preparer_name": _("The government form asks for it."),
        "preparer_phone": _("The government form asks for it."),
    }

    class Meta:
        model = SupportRequest
        fields = ["has_preparer", "preparer_name", "preparer_phone"]
        help_texts = {"preparer_name": _("If somebody helped you.")}

    def clean(self):
        data = super().clean()
        if data.get("has_preparer") == Yes.YES:
            need(self, {"preparer_name": _("Enter the name of the person who helped you.")})
        elif data.get("has_preparer") == Yes.NO:
            data |= {"preparer_name": "", "preparer_phone": ""}
        return data


class SignForm(AskingForm, forms.Form):
    undertakes = forms.BooleanField(
        label=_("I promise all of this for the person named above, for up to two years"),
        error_messages={"required": _("Say that you promise this. Without it you cannot file.")},
    )
    true = forms.BooleanField(
        label=_("Everything I wrote is true as far as I know"),
        error_messages={"required": _("Say that what you wrote is true.")},
    )
    checks = forms.BooleanField(
        label=_("I agree that officers check me: who I am, safety, money and human trafficking"),
        error_messages={"required": _("Say that you agree. Without checks nobody can support.")},
    )
    name = forms.CharField(
        label=_("Write your name to sign"),
        max_length=200,
        error_messages={"required": _("Write your name. It is your signature.")},
    )
    needed = ("undertakes", "true", "checks", "name")

    def clean_name(self):
        name = tidy_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write your name. It is your signature."))
        return name


class AnswerForm(AskingForm, forms.Form):
    text = forms.CharField(
        label=_("Your answer"),
        max_length=8000,
        widget=forms.Textarea({"rows": 10}),
        help_text=_("In your own words. Name the papers that you added."),
        error_messages={"required": _("Write your answer, even if it is short.")},
    )
    needed = ("text",)


class InvitationAddressForm(AskingForm, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the person"),
        max_length=254,
        error_messages={"required": _("Enter the e-mail address.")},
    )
    needed = ("email",)
