"""Form pieces shared by every page: three-part dates, phone numbers, the reason for a question."""

import re
from collections.abc import Mapping
from datetime import date

from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AskedField(BoundField):
    """A field that can carry `why` it is asked, read out together with its hint."""

    @property
    def why(self):
        return getattr(self.field, "why", "")

    @property
    def aria_describedby(self):
        described = super().aria_describedby
        if self.why and not self.help_text and self.auto_id:
            described = " ".join(filter(None, [f"{self.auto_id}_helptext", described]))
        return described


class AskingForm(forms.BaseForm):
    """Mix into a form: `needed` fields are required, `whys` say why each is asked.

    Of the `one_of` fields at least one must be filled in, so none is called optional.
    """

    bound_field_class = AskedField
    needed: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    whys: Mapping[str, str | Promise] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.required = name in self.needed
            field.one_of = name in self.one_of
            field.why = self.whys.get(name, "")


class DateParts(forms.MultiWidget):
    template_name = "components/date_fields.html"
    use_fieldset = True

    def __init__(self, attrs=None):
        number = {"inputmode": "numeric", "autocomplete": "off"}
        months = [("", "")] + list(MONTHS.items())
        super().__init__(
            {
                "day": forms.TextInput({**number, "class": "w-2", "maxlength": 2}),
                "month": forms.Select(choices=months),
                "year": forms.TextInput({**number, "class": "w-4", "maxlength": 4}),
            },
            attrs,
        )

    def decompress(self, value):
        return [value.day, value.month, value.year] if value else [None, None, None]


class DateField(forms.MultiValueField):
    """Day, month by name and year, so that no one mixes up 3/4 and 4/3."""

    widget = DateParts
    default_error_messages = {
        "required": _("Enter the day, the month and the year."),
        "incomplete": _("Enter the day, the month and the year."),
        "invalid": _("There is no such day. Check the day, the month and the year."),
    }

    def __init__(self, **kwargs):
        parts = (forms.IntegerField(), forms.IntegerField(), forms.IntegerField())
        super().__init__(parts, require_all_fields=True, **kwargs)

    def clean(self, value):
        try:
            return super().clean(value)
        except forms.ValidationError as error:
            if error.messages and not all(value or [""]):
                raise
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def compress(self, parts):
        if not parts:
            return None
        if None in parts:  # begun, in a field that may stay empty
            raise forms.ValidationError(self.error_messages["incomplete"], code="incomplete")
        day, month, year = parts
        try:
            return date(year, month, day)
        except (ValueError, OverflowError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class PhoneField(forms.CharField):
    """A phone number, kept as + and digits. Ten digits alone are of `home`."""

    def __init__(self, *, home="+52", **kwargs):
        self.home = home
        super().__init__(
            max_length=30,
            widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
            **kwargs,
        )

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return ""
        digits = re.sub(r"\D", "", text)
        if text.strip().startswith("+"):
            number = digits
        elif digits.startswith("00"):
            number = digits[2:]
        else:
            number = self.home[1:] + digits if len(digits) == 10 else ""
        if not 8 <= len(number) <= 15:
            raise forms.ValidationError(
                _("Enter the number with + and the country code, as in +52 664 123 4567.")
            )
        return "+" + number
