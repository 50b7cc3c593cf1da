"""The photo page of every part: a camera or a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib.forms import AskingForm


class PhotoForm(AskingForm, forms.Form):
    one_of = ("camera", "photo")
    nothing = _("Choose a photo.")
    camera = forms.FileField(
        label=_("Take a photo now"),
        widget=forms.ClearableFileInput({"accept": "image/*", "capture": "user"}),
    )
    photo = forms.FileField(
        label=_("Or choose a photo you have"),
        widget=forms.ClearableFileInput({"accept": "image/*"}),
    )

    def is_answered(self, data) -> bool:
        return bool(data.get("camera") or data.get("photo"))

    def clean(self):
        data = super().clean()
        if not self.is_answered(data) and not self.errors:
            self.add_error("photo", self.nothing)
        return data

    @classmethod
    def refused(cls, files, sentence: str) -> "PhotoForm":
        """The sentence beside the field that was used, and no other."""
        form = cls({})
        form.errors.clear()
        form.add_error("camera" if files.get("camera") else "photo", sentence)
        return form
