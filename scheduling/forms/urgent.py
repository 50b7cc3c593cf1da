"""Asking for an urgent place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib.forms import AskingForm
from scheduling.models import Port
from scheduling.statuses import Urgency
from scheduling.urgent import MOST_LETTERS


class WordsField(forms.CharField):
    """A text in own words. A line end counts as one letter, as the browser counts it."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class UrgentForm(AskingForm, forms.Form):
    port = forms.ModelChoiceField(
        Port.objects.none(),
        label=_("Port of entry"),
        help_text=_("Officers of this port read what you write."),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose a port.")},
    )
    urgency = forms.ChoiceField(
        label=_("What is urgent?"), choices=Urgency.choices, widget=forms.RadioSelect
    )
    said = WordsField(
        label=_("What happened?"),
        help_text=_(
            "In your own words and any language: who it is about, since when, and what you fear. "
            "Up to 1000 letters. You need no papers for this."
        ),
        max_length=MOST_LETTERS,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": _("Write what happened. One sentence is enough.")},
    )
    needed = ("port", "urgency", "said")

    def __init__(self, *args, registration, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["port"]
        field.queryset = Port.objects.filter(is_open=True)
        field.label_from_instance = lambda port: f"{port.name} ({port.mexican_city})"
        self.initial.setdefault("port", registration.clock_port)
