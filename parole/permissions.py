"""What of this app a person may see beyond its own rows."""

from django.db.models import Q

from parole.models import Beneficiary


def photo_filter(user) -> Q:
    """Photos of people whose case you hold; for officers of travel and arrivals, of all those
    whom they do not support themselves."""
    seen = Beneficiary.objects.visible_to(user).exclude(request__owner=user)
    current = Q(replaced_at=None)
    own = Q(traveler__beneficiary__in=Beneficiary.objects.of_user(user).values("pk")) & current
    return own | Q(traveler__beneficiary__in=seen.values("pk")) if user.is_staff else own
