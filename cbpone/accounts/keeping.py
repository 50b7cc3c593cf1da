"""What was sent and could not be taken, kept sealed until the person has looked at it."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from cbpone.accounts import who
from cbpone.accounts.choices import WhyKept
from cbpone.accounts.models import MOST_FILE_BYTES, KeptFile, KeptForm, User
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.typed import as_data
from cbpone.lib.vault import seal_bytes

NEVER_KEPT = ("code", "password", "ssn")  # typed again
OWN_NAMES = ("csrfmiddlewaretoken", "typed_again")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NOT_WORTH_IT = ("account_logout", "account_reauthenticate")
MOST = 10  # waiting ones a person; the oldest gives way
MOST_WITH_FILES = 3
KEEP_DAYS = 7
SENDING = timedelta(seconds=60)  # a press that takes longer has died
MOST_PATH = 1000


@dataclass
class Kept:
    """A kept form as a request works with it. `is_shown` once a view has asked for it."""

    row: KeptForm
    is_shown: bool = False

    @cached_property
    def contents(self) -> dict:
        return self.row.contents

    @cached_property
    def data(self) -> QueryDict:
        return as_data(self.contents["typed"])

    @property
    def left_out(self) -> list[str]:
        return self.contents["left_out"]

    @property
    def is_signed_out(self) -> bool:
        return self.row.why == WhyKept.SIGNED_OUT

    @cached_property
    def files(self) -> list[KeptFile]:
        """Without their bytes."""
        return list(self.row.files.defer("sealed"))

    @property
    def has_text(self) -> bool:
        """More than the press of a button."""
        return bool(self.files) or any(" " in text for _name, text in texts(self.data))

    @property
    def page(self) -> str:
        return reverse("kept", args=[self.row.reference])

    @property
    def as_text(self) -> str:
        return f"{self.page}?text"

    @property
    def refilled(self) -> str:
        """The address the form was sent to, showing what was typed."""
        return with_kept(self.row.path, self.row.reference)

    def add_files(self, request) -> None:
        """Files that came before, unless another one is chosen now."""
        for file in self.row.files.exclude(field__in=request.FILES):
            request.FILES[file.field] = file.as_upload()


def texts(data) -> list[tuple[str, str]]:
    """(name, text) of everything that is not empty."""
    return [(name, text) for name, values in data.lists() for text in values if text.strip()]


def with_kept(path: str, reference) -> str:
    return f"{path}{'&' if '?' in path else '?'}kept={reference}"


def keep_for_last(request) -> KeptForm | None:
    """For who was signed in in this browser last; None when nobody can say who that was."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    user = None if name in NOT_WORTH_IT else who.last_signed_in(request)
    return keep(request, user=user, why=WhyKept.SIGNED_OUT) if user else None


def keep(request, *, user: User, why: WhyKept) -> KeptForm | None:
    """What was sent; None for what is no form. Pressed twice it is kept once."""
    path = _path_of(request)
    if request.content_type not in FORMS or len(path) > MOST_PATH:
        return None
    contents = _contents(request)
    newest = user.kept_forms.waiting().order_by("-made_at", "-pk").first()
    is_twice = newest and newest.path == path and newest.contents == contents
    if newest and is_twice and not request.FILES and not newest.files.exists():
        return newest
    return _write(request, user, why, path, contents)


@transaction.atomic
def _write(request, user: User, why: WhyKept, path: str, contents: dict) -> KeptForm:
    row = KeptForm.objects.create(
        user=user,
        path=path,
        page=_page_of(request, path),
        sealed=seal_bytes(json.dumps(contents).encode()),
        why=why,
        made_at=clock.now(),
    )
    for field, file in request.FILES.items():
        if 0 < (file.size or 0) <= MOST_FILE_BYTES:
            _write_file(row, field, file)
    _take_over(request, row)
    _make_room(user)
    record(Verb.FORM_KEPT, on=row, by=user if request.user.is_authenticated else None, note=why)
    return row


def _write_file(row: KeptForm, field: str, file) -> None:
    file.seek(0)
    named = {"name": file.name or "", "type": file.content_type or ""}
    KeptFile.objects.create(
        form=row,
        field=field[:100],
        label=seal_bytes(json.dumps(named).encode()),
        size=file.size,
        sealed=seal_bytes(file.read()),
    )


def _contents(request) -> dict:
    sent = {name: values for name, values in request.POST.lists() if name not in OWN_NAMES}
    return {
        "typed": {name: values for name, values in sent.items() if name not in NEVER_KEPT},
        "left_out": [name for name in NEVER_KEPT if any(sent.get(name, ()))],
    }


def _path_of(request) -> str:
    """Where it was sent, without what an earlier kept form has added."""
    query = request.GET.copy()
    query.pop("kept", None)
    return request.path + (f"?{query.urlencode()}" if query else "")


def _page_of(request, path: str) -> str:
    """Where the form stood, if the browser says so and it is a page of ours."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    page = came_from.path
    is_ours = came_from.netloc == request.get_host() and page.startswith("/")
    is_plain = not page.startswith("//") and len(page) <= MOST_PATH
    return page if is_ours and is_plain else path


def _take_over(request, row: KeptForm) -> None:
    """Sent from a page that showed an earlier one: its files come along, and it is over."""
    earlier = find_own(row.user, request.GET.get("kept", ""))
    if earlier is None or earlier.place != row.place:
        return
    has = list(row.files.values_list("field", flat=True))
    earlier.files.exclude(field__in=has).update(form=row)
    earlier.delete()


def _make_room(user: User) -> None:
    newest = user.kept_forms.waiting().order_by("-made_at", "-pk")
    with_files = newest.filter(pk__in=KeptFile.objects.filter(form__user=user).values("form"))
    too_many = [*newest.values_list("pk", flat=True)[MOST:]]
    too_many += with_files.values_list("pk", flat=True)[MOST_WITH_FILES:]
    if too_many:
        KeptForm.objects.filter(pk__in=too_many).delete()


def find_own(user: User, reference) -> KeptForm | None:
    try:
        return user.kept_forms.filter(reference=UUID(str(reference))).first()
    except ValueError:
        return None


def find(request, reference) -> Kept | None:
    """What this person sent to this address and is kept, sent since or not."""
    row = find_own(request.user, reference)
    return Kept(row) if row and row.place == request.path else None


def waiting_for(user: User) -> KeptForm | None:
    """The newest that was neither sent nor left."""
    since = clock.now() - timedelta(days=KEEP_DAYS)
    rows = user.kept_forms.waiting().filter(made_at__gte=since)
    return rows.order_by("-made_at", "-pk").first()


def is_on_its_way(row: KeptForm) -> bool:
    return bool(row.sending_at and clock.now() - row.sending_at < SENDING)


def take(row: KeptForm) -> bool:
    """Begin to send it; no to a second press, during the first or after it."""
    now = clock.now()
    free = Q(sending_at=None) | Q(sending_at__lt=now - SENDING)
    rows = KeptForm.objects.waiting().filter(free, pk=row.pk)
    return bool(rows.update(sending_at=now))


def put_back(row: KeptForm) -> None:
    """It was not done, and can be sent again."""
    KeptForm.objects.waiting().filter(pk=row.pk).update(sending_at=None)


def use(row: KeptForm) -> None:
    """It was done. Its files are where they belong by now."""
    row.files.all().delete()
    KeptForm.objects.waiting().filter(pk=row.pk).update(used_at=clock.now())


def is_refused(request) -> bool:
    """A rule said no, and the page the person is sent to would say why."""
    queued = getattr(getattr(request, "_messages", None), "_queued_messages", [])
    return any(message.level == messages.ERROR for message in queued)


def purge(*, older_than) -> int:
    """Forget what nobody came back for, and what was sent."""
    return KeptForm.objects.filter(made_at__lt=older_than).delete()[0]
