from scheduling.models.appointments import Appointment, Attendance, PlaceReturn
from scheduling.models.desk import UrgentRequest, WalkIn, WalkInPerson
from scheduling.models.pages import Page
from scheduling.models.places import Closure, Override, Release, Slot, SlotPlan
from scheduling.models.ports import Port, Post
from scheduling.models.registrations import (
    Member,
    PortPreference,
    Regime,
    Registration,
    RuleAnswer,
)

__all__ = [
    "Appointment",
    "Attendance",
    "Closure",
    "Member",
    "Override",
    "Page",
    "PlaceReturn",
    "Port",
    "PortPreference",
    "Post",
    "Regime",
    "Registration",
    "Release",
    "RuleAnswer",
    "Slot",
    "SlotPlan",
    "UrgentRequest",
    "WalkIn",
    "WalkInPerson",
]
