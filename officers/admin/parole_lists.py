"""Lists that supervisors keep for the parole part: what is known, so that flags find the rest."""

from ipaddress import ip_address
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator, validate_email
from django.utils.translation import gettext_lazy as _

from cbpone.audit.verbs import Verb
from cbpone.lib.forms import PhoneField
from cbpone.lib.us import STATE_CHOICES, clean_zip
from officers.admin.base import OfficerAdmin
from officers.site import site
from parole.addresses import address_key
from parole.choices import KnownKind
from parole.models import Airport, KnownGood, NonResidential, PovertyGuideline

# Zones of airports in the States and territories (IANA names).
ZONES = (
    "America/New_York America/Detroit America/Indiana/Indianapolis America/Chicago America/Denver "
    "America/Phoenix America/Los_Angeles America/Anchorage Pacific/Honolulu America/Puerto_Rico "
    "Pacific/Guam"
).split()


class ListAdmin(OfficerAdmin):
    changed_verb = Verb.LIST_CHANGED


@admin.register(PovertyGuideline, site=site)
class PovertyGuidelineAdmin(ListAdmin):
    list_display = ["year", "states", "first_person", "each_further", "source"]
    list_filter = ["states"]


class AddressForm(forms.ModelForm):
    """An address is typed as people write it, and kept as what it is compared by."""

    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    zip = forms.CharField(label=_("ZIP code"), max_length=10, required=False)

    def clean_zip(self):
        return clean_zip(self.cleaned_data["zip"])

    def typed_key(self, data) -> str:
        """Of the address typed. One of the two alone is asked to be completed."""
        street, code = data.get("street", ""), data.get("zip", "")
        key = address_key(street, code)
        if (street or code) and not key and "zip" not in self.errors:
            self.add_error(
                "zip" if street else "street",
                _("Enter both the street with its number and the ZIP code."),
            )
        return key

    def check_unique(self, field: str, **about) -> None:
        rows = self._meta.model.objects.filter(**about).exclude(pk=self.instance.pk)
        if rows.exists():
            self.add_error(field, _("This is on the list already."))


class KnownGoodForm(AddressForm):
    value = forms.CharField(
        label=_("Phone number, e-mail address or IP address"),
        max_length=254,
        required=False,
        help_text=_("For an address, fill in the street and the ZIP code instead."),
    )

    class Meta:
        model = KnownGood
        fields = ["kind", "name", "value", "street", "zip"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.kind == KnownKind.ADDRESS:
            self.initial["value"] = ""
            self.fields["zip"].help_text = _("Leave both empty to keep the address as it is.")

    def clean(self):
        data = super().clean()
        kind = data.get("kind")
        if kind == KnownKind.ADDRESS:
            kept = self.instance.value if "kind" not in self.changed_data else ""
            data["value"], field = self.typed_key(data) or kept, "street"
        else:
            data["value"], field = self._plain(kind, data.get("value", "").strip()), "value"
        if kind and not data["value"] and not self.errors:
            self.add_error(field, _("Fill this in."))
        if kind and not self.errors:
            self.check_unique(field, kind=kind, value=data["value"])
        return data

    def _plain(self, kind: str, value: str) -> str:
        try:
            if kind == KnownKind.PHONE:
                return PhoneField(home="+1", required=False).clean(value)
            if kind == KnownKind.EMAIL and value:
                validate_email(value)
                return value.lower()
            if kind == KnownKind.IP and value:
                return str(ip_address(value))
        except forms.ValidationError as problem:
            self.add_error("value", problem)
        except ValueError:
            self.add_error("value", _("Enter an IP address, as in 192.0.2.40."))
        return ""


@admin.register(KnownGood, site=site)
class KnownGoodAdmin(ListAdmin):
    form = KnownGoodForm
    list_display = ["name", "kind", "shown_value", "added_by", "added_at"]
    list_filter = ["kind"]
    list_select_related = ["added_by"]
    search_fields = ["name", "value"]

    @admin.display(description=_("as it is compared"))
    def shown_value(self, row):
        return "" if row.kind == KnownKind.ADDRESS else row.value

    def save_form(self, request, form, change):
        row = super().save_form(request, form, change)
        if not change:
            row.added_by = request.user
        return row


class NonResidentialForm(AddressForm):
    class Meta:
        model = NonResidential
        fields = ["name", "street", "zip"]

    def clean(self):
        data = super().clean()
        key = self.typed_key(data) or self.instance.address_key
        if not key and not self.errors:
            self.add_error("street", _("Enter both the street with its number and the ZIP code."))
        if not self.errors:
            self.check_unique("street", address_key=key)
            self.instance.address_key = key
        return data


@admin.register(NonResidential, site=site)
class NonResidentialAdmin(ListAdmin):
    form = NonResidentialForm
    list_display = ["name", "added_at"]
    search_fields = ["name"]


class AirportForm(forms.ModelForm):
    code = forms.CharField(
        label=_("Code of three letters"),
        max_length=3,
        validators=[RegexValidator(r"^[A-Za-z]{3}\Z", _("Three letters, as in MIA."))],
    )
    state = forms.ChoiceField(label=_("State"), choices=STATE_CHOICES)
    zone = forms.ChoiceField(label=_("Time zone"), choices=[(ZoneInfo(z).key, z) for z in ZONES])

    class Meta:
        model = Airport
        fields = ["code", "name", "city", "state", "zone", "zone_name"]
        help_texts = {"zone_name": _("As people say it, such as Miami time.")}

    def clean_code(self):
        return self.cleaned_data["code"].upper()


@admin.register(Airport, site=site)
class AirportAdmin(ListAdmin):
    form = AirportForm
    list_display = ["code", "name", "city", "state", "zone"]
    search_fields = ["code", "name", "city"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []
