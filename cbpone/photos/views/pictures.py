import io

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.photos.models import Photo
from cbpone.photos.seeing import photo_seen_by
from cbpone.photos.storing import thumbnail


@require_safe
def photo(request, reference):
    """A photo, to its own family and to officers who work with it; theirs is put on record."""
    row = _seen(request, reference)
    if request.user.is_staff:
        record(Verb.VIEWED, on=row, by=request.user)
    return picture(row.file.open("rb"))


@require_safe
def photo_thumb(request, reference):
    """The stamp beside a name on the board, whose view is on record as one."""
    row = _seen(request, reference)
    return picture(io.BytesIO(thumbnail(row.file.name)))


def _seen(request, reference) -> Photo:
    row = photo_seen_by(request.user, reference)
    if row is None:
        raise Http404
    return row


def picture(file):
    response = FileResponse(file, content_type="image/jpeg")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return response
