from cbpone.photos.models.figures import PhotoDrift, PhotoFigure
from cbpone.photos.models.photos import Photo, stored_name
from cbpone.photos.models.uploads import PhoneLink, Upload, UploadPiece

__all__ = [
    "PhoneLink",
    "Photo",
    "PhotoDrift",
    "PhotoFigure",
    "Upload",
    "UploadPiece",
    "stored_name",
]
