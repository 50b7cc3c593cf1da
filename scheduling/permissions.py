"""What of this app a person may see beyond its own rows."""

from django.db.models import Exists, OuterRef, Q

from scheduling.models import Appointment, Member, Registration


def photo_filter(user) -> Q:
    """Photos of your own family; for officers of families at their ports or due there, and of
    every registration whose page they may open.
    """
    who = OuterRef("traveler")  # asked for one photo at a time, whatever the tables hold
    mine = Member.objects.filter(traveler=who, registration__owner=user)
    own = Q(Exists(mine), replaced_at=None)
    if not user.is_staff:
        return own
    at_ports = Appointment.objects.visible_to(user).filter(attendances__traveler=who)
    seen = own | Q(Exists(at_ports))
    if user.has_perm("scheduling.view_registration"):
        families = Registration.objects.visible_to(user).filter(members__traveler=who)
        seen |= Q(Exists(families), replaced_at=None)
    return seen
