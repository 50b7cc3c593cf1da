from officers.models.likenesses import Likeness
from officers.models.mass import MassMessage, MassRecipient, MassText
from officers.models.runs import BulkRow, BulkRun, Export

__all__ = [
    "BulkRow",
    "BulkRun",
    "Export",
    "Likeness",
    "MassMessage",
    "MassRecipient",
    "MassText",
]
