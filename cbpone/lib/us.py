"""States and ZIP codes of the United States."""

from unicodedata import digit

from django import forms
from django.utils.translation import gettext_lazy as _

STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH "
    "NJ NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA VI WA WV WI WY"
).split()
STATE_CHOICES = [("", ""), *((code, code) for code in STATES)]


def clean_zip(text: str) -> str:
    """Five or nine digits, or nothing. Raises ValidationError with a sentence for the person."""
    code = "".join(str(digit(char)) if char.isdigit() else char for char in text.strip())
    plain = code.replace("-", "")
    if code and not (plain.isdigit() and len(plain) in (5, 9)):
        raise forms.ValidationError(_("A ZIP code has 5 digits, as in 78501."))
    return code
