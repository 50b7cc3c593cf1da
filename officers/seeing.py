from django.db.models import Q

from cbpone.audit.models import Event
from scheduling.models import Port, Post, Registration


def events_visible_to(user):
    """Cases of the officer's ports, and whatever the officers of those ports did."""
    if user.sees_every_port:
        return Event.objects.all()
    cases = Registration.objects.visible_to(user).values("reference")
    posts = Post.objects.filter(port__in=Port.objects.visible_to(user))
    return Event.objects.filter(Q(case__in=cases) | Q(by__in=posts.values("officer")))
