"""What of this app a person may see beyond its own rows."""

from django.db.models import Exists, OuterRef, Q

from parole.models import Beneficiary


def photo_filter(user) -> Q:
    """Photos of people whose case you hold; for officers of travel and arrivals, of all those
    whom they do not support themselves."""
    who = OuterRef("traveler")  # asked for one photo at a time, whatever the tables hold
    own = Q(Exists(Beneficiary.objects.of_user(user).filter(traveler=who)), replaced_at=None)
    if not user.is_staff:
        return own
    seen = Beneficiary.objects.visible_to(user).exclude(request__owner=user)
    return own | Q(Exists(seen.filter(traveler=who)))
