"""What of this app a person may see beyond its own rows."""

from django.db.models import Q

from scheduling.models import Appointment, Registration


def photo_filter(user) -> Q:
    """Photos of your own family; for officers of families at their ports or due there."""
    mine = Registration.objects.filter(owner=user).values("pk")
    own = Q(traveler__member__registration__in=mine, replaced_at=None)
    if not user.is_staff:
        return own
    at_ports = Appointment.objects.visible_to(user).values("pk")
    return own | Q(traveler__attendances__appointment__in=at_ports)
