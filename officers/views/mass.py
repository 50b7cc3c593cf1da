from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.audit.models import Event
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm, DateField
from cbpone.lib.typed import sent
from officers import mass as rules
from officers.models import MassMessage
from officers.statuses import Audience, MassStatus
from scheduling.models import Port

SEE = "officers.view_massmessage"
MOST = 50
LONGEST = 2000
CHIPS = {
    "draft": "chip-todo",
    "proposed": "chip-now",
    "released": "chip-done",
    "recalled": "chip-gone",
}


def _check(request, *permissions) -> None:
    if not any(request.user.has_perm(one) for one in permissions):
        raise PermissionDenied


def _seen(request, reference) -> MassMessage:
    _check(request, rules.WRITE, rules.RELEASE, SEE)
    rows = MassMessage.objects.visible_to(request.user).select_related(
        "port", "written_by", "released_by", "recalled_by"
    )
    return get_object_or_404(rows.prefetch_related("texts"), reference=reference)


class WordsForm(AskingForm, forms.Form):
    """A text in each language of the portal, one field each, named `text_<code>`."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text in %s") % name,
                max_length=LONGEST,
                widget=forms.Textarea({"rows": 6, "lang": code}),
                error_messages={"required": rules.WordsMissing.sentence},
            )

    @property
    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"text_{code}"] for code, _name in settings.LANGUAGES}

    @staticmethod
    def initial_of(mass: MassMessage) -> dict[str, str]:
        texts = mass.texts.all()
        return {f"text_{row.language}": row.body for row in texts if not row.is_correction}


class MassForm(WordsForm):
    title = forms.CharField(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("For officers only. Nobody else reads this line."),
        max_length=100,
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("To whom"), choices=Audience.choices, widget=forms.RadioSelect
    )
    port = forms.ModelChoiceField(Port.objects.none(), label=gettext_lazy("Port"))
    first_day = DateField(label=gettext_lazy("Appointments from"), required=False)
    last_day = DateField(label=gettext_lazy("Appointments until"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    needed = ("title", "audience", "port")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["port"].queryset = Port.objects.visible_to(user)

    def clean(self):
        data = super().clean()
        if data.get("audience") == Audience.WAITING:
            data["first_day"] = data["last_day"] = None
            return data
        for name in ("first_day", "last_day"):
            if name not in self.errors and not data.get(name):
                self.add_error(name, _("Enter the day, the month and the year."))
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day must not be before the first."))
        return data

    @property
    def values(self) -> dict:
        names = ("title", "audience", "port", "first_day", "last_day")
        return {name: self.cleaned_data[name] for name in names}


@require_safe
def messages_to_many(request):
    """What was written to many at the officer's ports, the newest first."""
    _check(request, rules.WRITE, rules.RELEASE, SEE)
    rows = MassMessage.objects.visible_to(request.user).select_related("port", "written_by")
    context = {
        "rows": [(row, CHIPS[row.status]) for row in rows[:MOST]],
        "may_write": request.user.has_perm(rules.WRITE),
    }
    return render(request, "officers/mass/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request):
    _check(request, rules.WRITE)
    form = MassForm(sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            row = rules.write(values=form.values, texts=form.texts, by=request.user)
            return redirect("officers:mass_message", row.reference)
        except Refused as refusal:
            messages.error(request, refusal)
    return render(request, "officers/mass/write.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, reference):
    """A draft. When another has changed it meanwhile, what was typed stays, to be copied over."""
    row = _seen(request, reference)
    _check(request, rules.WRITE)
    if row.status != MassStatus.DRAFT:
        messages.error(request, _("Only a draft can be changed."))
        return redirect("officers:mass_message", reference)
    names = ("title", "audience", "port", "first_day", "last_day", "version")
    initial = {name: getattr(row, name) for name in names} | WordsForm.initial_of(row)
    form = MassForm(sent(request), user=request.user, initial=initial)
    stale = False
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            rules.rewrite(
                mass=row, values=form.values, texts=form.texts, version=version, by=request.user
            )
            return redirect("officers:mass_message", reference)
        except Refused as refusal:
            messages.error(request, refusal)
            row, stale = _seen(request, reference), True
            form.data = form.data.copy()
            form.data["version"] = row.version
    return render(request, "officers/mass/write.html", {"form": form, "row": row, "stale": stale})


@require_safe
def message(request, reference):
    """One message: who gets it, the words in every language, and what may be done with it now."""
    row = _seen(request, reference)
    return _show(request, row)


def _show(request, row, form=None):
    user = request.user
    is_out = row.released_at is not None
    context = {
        "row": row,
        "port": row.port,
        "chip": CHIPS[row.status],
        "languages": [] if is_out else rules.by_language(row),
        "families": row.counted if is_out else rules.recipients(row).count(),
        "progress": rules.progress(row) if is_out else None,
        "texts": _texts(row),
        "may": _may(user, row),
        "own": row.written_by_id == user.pk,
        "form": form or WordsForm(auto_id="correction_%s"),
        "events": Event.objects.about(row).select_related("by"),
    }
    return render(request, "officers/mass/message.html", context)


def _texts(row) -> list[tuple[str, str, str]]:
    """(language, words, correction) as people read them."""
    texts = []
    for code, name in settings.LANGUAGES:
        with override(code):
            texts.append((name, row.words, row.correction))
    return texts


def _may(user, row) -> dict[str, bool]:
    """What stands open: the same questions that the rules ask."""
    writes, releases = user.has_perm(rules.WRITE), user.has_perm(rules.RELEASE)
    return {
        "edit": writes and row.status == MassStatus.DRAFT,
        "release": releases and row.status == MassStatus.PROPOSED and row.written_by_id != user.pk,
        "recall": releases and row.status == MassStatus.RELEASED,
    }


def _act(request, reference, rule, done, **values):
    row = _seen(request, reference)
    try:
        rule(mass=row, by=request.user, **values)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, done)
    return redirect("officers:mass_message", reference)


@require_POST
def propose(request, reference):
    return _act(request, reference, rules.propose, _("It waits for a second person now."))


@require_POST
def release(request, reference):
    return _act(request, reference, rules.release, _("Released. The messages go out now."))


@require_POST
def decline(request, reference):
    note = request.POST.get("note", "")[:300]
    done = _("It is a draft again. Its writer sees why.")
    return _act(request, reference, rules.decline, done, note=note)


@require_POST
def recall(request, reference):
    """Takes the message back, with a correction in every language for those who got it."""
    row = _seen(request, reference)
    form = WordsForm(request.POST, auto_id="correction_%s")
    if not form.is_valid():
        return _show(request, row, form)
    try:
        rules.recall(mass=row, texts=form.texts, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return _show(request, _seen(request, reference), form)
    messages.success(request, _("Taken back. Those who got it are told what is right."))
    return redirect("officers:mass_message", reference)
