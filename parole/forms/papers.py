"""One file of evidence and what it is.

`PaperForm(data, files, kinds=...)`: `kinds` are values of PaperKind. With one kind nothing is asked
but the file. What the file is never stops it: without an answer it counts as the first of `kinds`
that says so little, "other" or an answer to an officer, so that no upload is lost for it.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from cbpone.lib.forms import AskingForm
from parole.choices import PaperKind
from parole.paper_cleaning import MAX_PAGES

ACCEPT = "application/pdf,image/*"
FALLBACKS = (PaperKind.ANSWER, PaperKind.OTHER)


class PaperForm(AskingForm, forms.Form):
    needed = ("file",)
    one_of = ("kind",)

    kind = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("The file"),
        help_text=_("A PDF up to 10 MB and %(pages)s pages, or a picture up to 25 MB."),
        widget=forms.FileInput({"accept": ACCEPT}),
    )

    def __init__(self, data=None, files=None, *, kinds, **options):
        super().__init__(data, files, **options)
        self.kinds = tuple(kinds)
        if len(self.kinds) == 1:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = [(kind, PaperKind(kind).label) for kind in self.kinds]
        limits = {"pages": MAX_PAGES}
        self.fields["file"].help_text = str(self.fields["file"].help_text) % limits
        self.fields["file"].error_messages["required"] = _("Choose a file first.")

    @property
    def kind_sent(self) -> str:
        """What the file is, also when that was not said or is not among the choices."""
        said = self.data.get(self.add_prefix("kind"), "")
        least = next((kind for kind in FALLBACKS if kind in self.kinds), self.kinds[0])
        return said if said in self.kinds else least
