"""One question page, for both sides: show it, save it, keep what is mistyped."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render

from cbpone.lib.errors import Refused
from cbpone.lib.typed import as_data, as_typed, is_old, sent
from parole import pages

NEVER_KEPT = ("ssn",)  # not as typed text; a mistyped number is typed again


@dataclass
class Asked:
    """`make_form(data)` builds the form on rows read then; `after()` says where Continue leads."""

    case: pages.Case
    key: str
    make_form: Callable
    after: Callable[[], str]
    template: str
    context: dict = field(default_factory=dict)


def ask(request, asked: Asked):
    """Show one page, or save it on Continue. What cannot be saved is kept as typed."""
    saved = asked.case.pages.filter(key=asked.key).first()
    if request.method == "POST":
        try:
            form, is_kept = _answer(request, asked)
            if form.is_valid():
                return redirect(_next(request, asked))
            if is_kept:  # so that Back never asks to send the form again
                return redirect(request.get_full_path())
        except Refused as refusal:
            messages.error(request, str(refusal))
            form = asked.make_form(request.POST)
    else:
        form = asked.make_form(sent(request) or as_data(saved and saved.typed))
    context = {
        "form": form,
        "saved_at": saved.saved_at if saved else None,
        "is_come_back_to": is_old(saved),
        "back_to_check": is_from_check(request),
        **asked.context,
    }
    return render(request, asked.template, context)


def is_from_check(request) -> bool:
    """Opened by a Change link: Continue leads back to the answers."""
    return "check" in (request.GET.get("return"), request.POST.get("return"))


def _next(request, asked: Asked) -> str:
    if is_from_check(request) and "check_url" in asked.context:
        return asked.context["check_url"]
    return asked.after()


@transaction.atomic
def _answer(request, asked: Asked):
    """(form, whether what was typed is kept), on the case as it is now.

    The case is held before the form reads its rows: a form writes whole rows, and one read
    earlier would undo what another tab saved.
    """
    pages.hold(asked.case)
    pages.check_can_edit(request.user, asked.case)
    form, is_kept = asked.make_form(request.POST), False
    if form.is_valid():
        form.save()
        pages.save_page(case=asked.case, key=asked.key, by=request.user, changed=form.changed_data)
    else:
        typed = as_typed(request.POST, leave_out=NEVER_KEPT)
        if typed is not None:
            is_kept = True
            pages.keep_typed(case=asked.case, key=asked.key, typed=typed, by=request.user)
    return form, is_kept
