from cbpone.audit.models.duties import Access, Conflict
from cbpone.audit.models.events import Event
from cbpone.audit.models.seals import Seal, SealMark

__all__ = ["Access", "Conflict", "Event", "Seal", "SealMark"]
