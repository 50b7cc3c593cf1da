import io

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.photos.seeing import photos_visible_to
from cbpone.photos.storing import thumbnail


@require_safe
def photo(request, reference):
    """A photo, to its own family and to officers of the port; theirs is put on record."""
    row = get_object_or_404(photos_visible_to(request.user), reference=reference)
    if request.user.is_staff:
        record(Verb.VIEWED, on=row, by=request.user)
    return _picture(row.file.open("rb"))


@require_safe
def photo_thumb(request, reference):
    """The stamp beside a name on the board, whose view is on record as one."""
    row = get_object_or_404(photos_visible_to(request.user), reference=reference)
    return _picture(io.BytesIO(thumbnail(row.file.name)))


def _picture(file):
    response = FileResponse(file, content_type="image/jpeg")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return response
