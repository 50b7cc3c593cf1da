"""A case that left the officer's scope while they wrote about it."""

from functools import wraps

from django.shortcuts import render

TYPED = ("letter", "note")


def keeps_typed(outside, home: str):
    """Wrap a view of one case: a press that comes too late shows what was typed, for copying.

    `outside(user)` are the cases the officer sees only after a look with a reason; `home` is the
    page they go on from.
    """

    def wrap(view):
        @wraps(view)
        def kept(request, reference):
            if request.method != "POST":
                return view(request, reference)
            if not outside(request.user).filter(reference=reference).exists():
                return view(request, reference)
            typed = [request.POST[name] for name in TYPED if request.POST.get(name, "").strip()]
            context = {"case": reference, "typed": typed, "home": home}
            return render(request, "officers/parole/moved.html", context)

        return kept

    return wrap
