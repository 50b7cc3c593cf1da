"""The photo page of every part: a camera or a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib.forms import AskingForm


class PhotoForm(AskingForm, forms.Form):
    """Drawn, never filled in: what it sends is stored unseen, whatever it is."""

    one_of = ("camera", "photo")
    kept_words = _("Everything you saved is safe.")
    camera = forms.FileField(
        label=_("Take a photo now"),
        widget=forms.ClearableFileInput({"accept": "image/*", "capture": "user"}),
    )
    photo = forms.FileField(
        label=_("Or choose a photo you have"),
        widget=forms.ClearableFileInput({"accept": "image/*"}),
    )

    @classmethod
    def refused(cls, field: str, sentence: str) -> "PhotoForm":
        """The sentence beside the field that was used, and no other."""
        form = cls({})
        form.errors.clear()
        form.add_error("camera" if field == "camera" else "photo", sentence)
        return form
