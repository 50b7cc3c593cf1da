"""Form pieces shared by every page: three-part dates, phone numbers, the reason for a question."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core import validators
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


PLAIN = {
    "required": _("Write an answer here."),
    "invalid": _("This is not written the way we can read it. Look at it once more."),
    "invalid_choice": _("Choose one from the list."),
    "invalid_pk_value": _("Choose one from the list."),
    "empty": _("This file is empty. Choose another one."),
    "missing": _("No file came with the form. Choose it once more."),
}
PLAIN_OF = {
    forms.IntegerField: {
        "required": _("Write a number here."),
        "invalid": _("Write only digits, as in 170."),
    },
    forms.EmailField: {"invalid": _("Enter a whole address, as in maria@example.com.")},
    forms.ChoiceField: {"required": _("Choose one.")},
    forms.BooleanField: {"required": _("Tick this box to go on.")},
}
LIMITS = {
    validators.MaxLengthValidator: _("This is too long. Use %(limit_value)d letters or fewer."),
    validators.MaxValueValidator: _("This number is too large. It can be %(limit_value)s at most."),
    validators.MinValueValidator: _(
        "This number is too small. It must be at least %(limit_value)s."
    ),
}


def speak_plainly(field: forms.Field) -> None:
    """Django's own sentences give way to ours; those a form has chosen stay."""
    stock: dict = {}
    for kind in reversed(type(field).__mro__):
        stock |= getattr(kind, "default_error_messages", {})
    own = next((own for kind, own in PLAIN_OF.items() if isinstance(field, kind)), {})
    plain = {} if isinstance(field, (DateField, PhoneField)) else PLAIN | own
    for code, sentence in plain.items():
        is_known = code in stock or code in own  # a validator of Django's speaks in its own words
        if is_known and field.error_messages.get(code) is stock.get(code):
            field.error_messages[code] = sentence
    field.validators = [_plain_limit(one) for one in field.validators]
    if type(field) is forms.TypedChoiceField and isinstance(field.widget, forms.Select):
        choices: Any = field.choices
        field.choices = [(code, name if code else _("Choose")) for code, name in choices]


def _plain_limit(validator):
    sentence = LIMITS.get(type(validator))
    return type(validator)(validator.limit_value, message=sentence) if sentence else validator


def tidy_name(text: str) -> str:
    """Without signs nobody sees, such as those that turn the direction of writing."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf")).strip()


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
            speak_plainly(field)
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

    default_error_messages = {"required": _("Enter the phone number.")}
    EXAMPLES = {"+1": "+1 305 555 0134"}

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
        digits = "".join(str(unicodedata.digit(char)) for char in text if char.isdigit())
        if any(char.isalpha() for char in text):  # an extension is no part of the number
            number = ""
        elif text.strip().startswith("+"):
            number = digits
        elif digits.startswith("00"):
            number = digits[2:]
        else:
            number = self.home[1:] + digits if len(digits) == 10 else ""
        if not 8 <= len(number) <= 15 or number.startswith("0"):
            raise forms.ValidationError(
                _("Enter the number with + and the country code, as in %(example)s."),
                params={"example": self.EXAMPLES.get(self.home, "+52 664 123 4567")},
            )
        return "+" + number
