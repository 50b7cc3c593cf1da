from django.db.models import Q

from cbpone.audit.models import Event
from scheduling.models import Port, Post, Registration


def events_visible_to(user):
    """Cases of the officer's ports, and whatever the officers of those ports did.

    Parole supervisors see what happened to requests, cases, caps and lists of the processes.
    """
    if user.sees_every_port:
        return Event.objects.all()
    cases = Registration.objects.visible_to(user).values("reference")
    posts = Post.objects.filter(port__in=Port.objects.visible_to(user))
    seen = Q(case__in=cases) | Q(by__in=posts.values("officer"))
    if user.has_perm("parole.agree_cap"):
        seen |= Q(model__startswith="parole.")
    return Event.objects.filter(seen)
