"""Questions asked once for the whole family."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from cbpone.lib.forms import AskingForm, DateField, PhoneField
from cbpone.lib.us import STATE_CHOICES, clean_zip
from scheduling.models import Port, PortPreference, Regime, Registration, RuleAnswer
from scheduling.statuses import Criterion, USAddress

LANGUAGES = [
    ("es", _("Spanish")),
    ("ht", _("Haitian Creole")),
    ("pt", _("Portuguese")),
    ("fr", _("French")),
    ("ru", _("Russian")),
    ("en", _("English")),
    ("uk", _("Ukrainian")),
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("mam", _("Mam")),
    ("quc", _("K'iche'")),
    ("kek", _("Q'eqchi'")),
    ("nah", _("Nahuatl")),
    ("mix", _("Mixtec")),
    ("gar", _("Garifuna")),
]


class ContactForm(AskingForm, forms.ModelForm):
    phone = PhoneField(
        label=_("Your phone number"),
        help_text=_("With + and the country code, as in +52 664 123 4567."),
    )
    whys = {
        "phone": _("An officer or a text message can reach you. You can go on without a phone."),
        "text_messages": _("A text message comes through when the internet does not."),
    }

    class Meta:
        model = Registration
        fields = ["phone", "text_messages"]

    def clean(self):
        data = super().clean()
        if data.get("text_messages") and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter the phone number that text messages should go to."))
        return data


class EmergencyForm(AskingForm, forms.ModelForm):
    emergency_phone = PhoneField(
        label=_("Their phone number"), help_text=_("With + and the country code.")
    )
    whys = {
        "emergency_name": _("If something happens to you at the port, we call this person."),
        "emergency_relation": _("We know how to speak with them."),
        "emergency_phone": _("Without a number we cannot call."),
    }

    class Meta:
        model = Registration
        fields = ["emergency_name", "emergency_relation", "emergency_phone"]


class LanguagesForm(AskingForm, forms.ModelForm):
    one_of = ("languages",)
    languages = forms.MultipleChoiceField(
        label=_("Which languages does your family speak?"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )
    whys = {
        "languages": _("So that an interpreter is there."),
        "other_language": _("So that we look for an interpreter of that language."),
    }

    class Meta:
        model = Registration
        fields = ["languages", "other_language"]

    def clean(self):
        data = super().clean()
        if not data.get("languages") and not data.get("other_language"):
            self.add_error("languages", _("Choose at least one language, or write it below."))
        return data


class WhereaboutsForm(AskingForm, forms.ModelForm):
    needed = ("mexico_city",)
    whys = {
        "mexico_city": _("It helps you and us to see which port is near. It is no condition."),
        "mexico_state": _("Towns in different states have the same name."),
        "mexico_address": _("Only to reach you. A shelter is a good answer."),
    }

    class Meta:
        model = Registration
        fields = ["mexico_city", "mexico_state", "mexico_address"]
        error_messages = {"mexico_city": {"required": _("Enter the town or city where you are.")}}


class DestinationForm(AskingForm, forms.ModelForm):
    us_address_known = forms.ChoiceField(
        label=_("Do you have an address in the United States?"),
        choices=USAddress.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no. Both are fine.")},
    )
    us_contact_phone = PhoneField(label=_("Their phone number"), home="+1")
    us_state = forms.ChoiceField(label=_("State"), choices=STATE_CHOICES)
    needed = ("us_address_known",)
    whys = {
        "us_address_known": _("Later letters go there. You can go on without an address."),
        "us_contact": _("The officer may call this person."),
        "us_contact_phone": _("The officer may call this person."),
        "us_street": _("Letters about your case go there."),
        "us_city": _("Letters about your case go there."),
        "us_state": _("It says which office is near you later."),
        "us_zip": _("Letters about your case go there."),
    }

    class Meta:
        model = Registration
        fields = [
            "us_address_known",
            "us_contact",
            "us_contact_phone",
            "us_street",
            "us_city",
            "us_state",
            "us_zip",
        ]

    def clean(self):
        data = super().clean()
        if data.get("us_address_known") == USAddress.YES and not data.get("us_city"):
            self.add_error("us_city", _("Write at least the city, or choose no above."))
        return data

    def clean_us_zip(self):
        return clean_zip(self.cleaned_data["us_zip"])


class JourneyForm(AskingForm, forms.ModelForm):
    left_home_on = DateField(label=_("Day you left home"), required=False)
    entered_mexico_on = DateField(label=_("Day you came to Mexico"), required=False)
    whys = {
        "left_home_on": _("The officer will ask about the journey. You can answer there too."),
        "entered_mexico_on": _("The officer will ask about the journey. You can answer there too."),
        "countries_crossed": _("The rule in force can depend on them. You can answer there too."),
    }

    class Meta:
        model = Registration
        fields = ["left_home_on", "entered_mexico_on", "countries_crossed"]

    def clean(self):
        data = super().clean()
        left, entered = data.get("left_home_on"), data.get("entered_mexico_on")
        for name, day in (("left_home_on", left), ("entered_mexico_on", entered)):
            if day and day.year < 1900:
                self.add_error(name, _("Check the year. It should be 1900 or later."))
            if day and day > clock.now().date():
                self.add_error(name, _("This day is still to come. Check the year."))
        if left and entered and entered < left and not self.errors:
            self.add_error("entered_mexico_on", _("This is before the day you left home."))
        return data


class PortChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, port):
        return f"{port.name} ({port.mexican_city})"


class PortsForm(AskingForm, forms.Form):
    first = PortChoiceField(
        Port.objects.none(),
        label=_("First choice"),
        error_messages={"required": _("Choose the port you would like best.")},
    )
    second = PortChoiceField(Port.objects.none(), label=_("Second choice"))
    third = PortChoiceField(Port.objects.none(), label=_("Third choice"))
    needed = ("first",)
    whys = {
        "first": _("We show its places first. You can book at any other port too."),
        "second": _("If the first has no places, we show this one next."),
        "third": _("If the others have no places, we show this one next."),
    }

    def __init__(self, *args, registration: Registration, **kwargs):
        self.registration = registration
        chosen = {row.rank: row.port_id for row in registration.preferences.all()}
        initial = {"first": chosen.get(1), "second": chosen.get(2), "third": chosen.get(3)}
        super().__init__(*args, initial=initial, **kwargs)
        ports = Port.objects.all()
        for field in self.fields.values():
            field.queryset = ports  # type: ignore[attr-defined]

    def clean(self):
        data = super().clean()
        ports = [data[name] for name in ("first", "second", "third") if data.get(name)]
        if len(set(ports)) < len(ports):
            self.add_error("second", _("You chose the same port twice."))
        data["ports"] = ports
        return data

    def save(self):
        self.registration.preferences.all().delete()
        PortPreference.objects.bulk_create(
            PortPreference(registration=self.registration, port=port, rank=rank)
            for rank, port in enumerate(self.cleaned_data["ports"], start=1)
        )


class RuleForm(AskingForm, forms.Form):
    one_of = ("criteria", "none_applies")
    criteria = forms.MultipleChoiceField(
        label=_("Is one of these true for you, or for a wife, husband or child who travels along?"),
        widget=forms.CheckboxSelectMultiple,
    )
    none_applies = forms.BooleanField(label=_("None of these is true for us"))
    whys = {
        "criteria": _(
            "The rule in force asks it. You need no proof now; an officer may ask later."
        ),
        "none_applies": _("Then we know that you read the list. You can still register and book."),
    }

    def __init__(self, *args, registration: Registration, **kwargs):
        self.registration = registration
        self.regime = Regime.objects.in_force(clock.now().date())
        answer = RuleAnswer.objects.filter(registration=registration, regime=self.regime).first()
        initial = {
            "criteria": answer.criteria if answer else [],
            "none_applies": bool(answer and answer.none_applies),
        }
        super().__init__(*args, initial=initial, **kwargs)
        asked = self.regime.criteria if self.regime else []
        self.fields["criteria"].choices = [  # type: ignore[attr-defined]
            (code, Criterion(code).label) for code in asked
        ]

    def clean(self):
        data = super().clean()
        if bool(data.get("criteria")) == bool(data.get("none_applies")):
            self.add_error("criteria", _("Choose what is true, or say that none of these is true."))
        return data

    def save(self):
        RuleAnswer.objects.update_or_create(
            registration=self.registration,
            defaults={
                "regime": self.regime,
                "criteria": self.cleaned_data["criteria"],
                "none_applies": self.cleaned_data["none_applies"],
            },
        )


class SignForm(AskingForm, forms.Form):
    name = forms.CharField(
        label=_("Write your name to sign"),
        max_length=200,
        error_messages={"required": _("Write your name. It is your signature.")},
    )
    true = forms.BooleanField(
        label=_("What I wrote is true as far as I know"),
        error_messages={"required": _("Say that what you wrote is true.")},
    )
    needed = ("name", "true")
