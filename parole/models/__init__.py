from parole.models.beneficiaries import Attestation, Beneficiary, Correction
from parole.models.lists import (
    DeceasedNumber,
    KnownGood,
    NetworkCountry,
    NonResidential,
    PovertyGuideline,
)
from parole.models.papers import Paper
from parole.models.processes import CapChange, MonthlyCap, Process
from parole.models.requests import ParolePage, SupportRequest
from parole.models.reviews import Decision, Flag
from parole.models.selections import DrawSeed, Selection
from parole.models.supporters import Carried, CoSupporter, Supporter
from parole.models.travels import I94, Airport, Arrival, Authorization, TravelLetter

__all__ = [
    "I94",
    "Airport",
    "Arrival",
    "Attestation",
    "Authorization",
    "Beneficiary",
    "CapChange",
    "Carried",
    "CoSupporter",
    "Correction",
    "DeceasedNumber",
    "Decision",
    "DrawSeed",
    "Flag",
    "KnownGood",
    "MonthlyCap",
    "NetworkCountry",
    "NonResidential",
    "Paper",
    "ParolePage",
    "PovertyGuideline",
    "Process",
    "Selection",
    "SupportRequest",
    "TravelLetter",
    "Supporter",
]
