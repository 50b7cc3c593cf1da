from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib.forms import AskingForm


class EnterForm(AskingForm, RequestLoginCodeForm):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send a code to it. There is no password to remember."),
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter a whole address, as in maria@example.com."),
        },
    )
    needed = ("email",)


class CodeForm(AskingForm, ConfirmLoginCodeForm):
    code = forms.CharField(
        label=_("Code from the e-mail"),
        help_text=_("Six digits. It works for 15 minutes."),
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "w-10"}
        ),
        error_messages={"required": _("Enter the code from the e-mail.")},
    )
    needed = ("code",)
