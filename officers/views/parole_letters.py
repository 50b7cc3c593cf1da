"""How a decision of parole gets its letter: a draft to edit, a last look at the message, the send.

Reviewers and travel officers write theirs on the same pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from cbpone.lib.forms import AskingForm
from cbpone.lib.typed import sent
from cbpone.notifications.models import Message
from cbpone.notifications.outbox import words
from cbpone.notifications.statuses import Template
from parole.letters import language_of


class LetterForm(AskingForm, forms.Form):
    letter = forms.CharField(
        label=gettext_lazy("Letter"),
        max_length=6000,
        strip=False,
        widget=forms.Textarea({"rows": 22}),
        help_text=gettext_lazy("It goes out exactly as it stands here."),
        error_messages={
            "required": gettext_lazy("The letter is empty. Write what they have to know.")
        },
    )
    needed = ("letter",)

    def clean_letter(self):
        """Browsers send line ends in two signs; mail has one."""
        letter = self.cleaned_data["letter"].replace("\r\n", "\n")
        if not letter.strip():
            raise forms.ValidationError(self.fields["letter"].error_messages["required"])
        return letter


@dataclass
class Sheet:
    """One letter on its way: what it decides, to whom it goes and what the pages say around it."""

    title: str
    lead: str
    hint: str  # what happens when it is sent
    send: str  # on the button
    chosen: tuple[str, str]  # the field with the reason, and its code
    user: Any
    template: Template
    row_of: Callable  # what the message is about, from the text of the letter
    texts: bool  # they get a text message too
    home: str  # the name of the page where such cases are listed
    home_title: Any
    back: str  # the page of the case
    number: str
    is_final: bool = False

    def message(self, letter: str) -> tuple[str, str]:
        """Subject and text of the e-mail, with this letter in it."""
        message = Message(user=self.user, template=self.template)
        return words(message, self.row_of(letter), "email")


def is_confirmed(request, form) -> bool:
    """The last look is over: send it."""
    return "confirm" in request.POST and "change" not in request.POST and form.is_valid()


def show(request, sheet: Sheet, form, *, is_refused=False):
    """The draft; or, once it is written, the message as it will be sent, to confirm or change."""
    is_last_look = form.is_bound and "change" not in (sent(request) or ()) and form.is_valid()
    context = {"sheet": sheet, "form": form}
    if is_last_look and not is_refused:
        subject, body = sheet.message(form.cleaned_data["letter"])
        context |= {"subject": subject, "body": body, "language": language_of(sheet.user)}
        return render(request, "officers/parole/letter_look.html", context)
    return render(request, "officers/parole/letter.html", context)
