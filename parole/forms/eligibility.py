"""The short check before anybody makes an account. Nothing of it is stored."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib.forms import AskingForm
from parole.choices import SupporterStatus, Yes
from parole.eligibility import FAMILY, OTHER, UNSURE, Process, day_of
from parole.forms.support import radio

YES_NO_UNSURE = [*Yes.choices, (UNSURE, _("I do not know"))]


class EligibilityForm(AskingForm, forms.Form):
    in_us = radio(_("Are you in the United States?"), Yes.choices)
    status = radio(
        _("What is your status there?"),
        [*SupporterStatus.choices, (OTHER, _("None of these"))],
    )
    nationality = radio(_("Which country is the person from?"), [])
    principal = forms.ChoiceField(label=_("If family: which country is the other person from?"))
    outside = radio(_("Is the person outside the United States?"), YES_NO_UNSURE)
    passport = radio(_("Does the person have a valid passport?"), YES_NO_UNSURE)
    second = radio(
        _("Is the person a citizen, permanent resident or refugee of a second country?"),
        YES_NO_UNSURE,
        help_text=_("A second nationality among the same four does not count."),
    )
    entry = radio(
        _("Did the person enter the United States, Mexico or Panama without permission?"),
        YES_NO_UNSURE,
    )
    removal = radio(
        _("Did the United States order the person's removal in the last five years?"),
        YES_NO_UNSURE,
    )
    support = radio(
        _("Can you help with housing and basic needs for up to two years?"),
        YES_NO_UNSURE,
        help_text=_("Alone, with others, or with an organization. No sum of money is fixed."),
    )
    needed = (
        "in_us", "status", "nationality", "outside", "passport", "second", "entry", "removal",
        "support",
    )  # fmt: skip

    def __init__(self, *args, known: dict[str, Process], **kwargs):
        super().__init__(*args, **kwargs)
        countries = [(code, str(process)) for code, process in known.items()]
        self.fields["nationality"].choices = [  # type: ignore[attr-defined]
            *countries,
            (FAMILY, _("Another one, but family of a person from one of these four")),
            (OTHER, _("Another one")),
        ]
        principals = [("", _("Choose")), *countries]
        self.fields["principal"].choices = principals  # type: ignore[attr-defined]
        days = [f"{process}: {day_of(process.irregular_entry_after)}" for process in known.values()]
        self.fields["entry"].help_text = _("Only after this day counts. %(days)s.") % {
            "days": "; ".join(days)
        }
        for field in self.fields.values():
            if isinstance(field.widget, forms.RadioSelect):
                field.error_messages["required"] = _("Choose one answer.")

    def clean(self):
        data = super().clean()
        if data.get("nationality") == FAMILY and not data.get("principal"):
            self.add_error("principal", _("Choose the country of the other person."))
        return data
