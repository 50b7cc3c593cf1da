"""The demo's mailbox in the browser. Its addresses exist only where the demo is switched on."""

import email
import email.policy

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

MOST = 60


def _read(path):
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("plain",))
    return {
        "name": path.stem,
        "to": mail["To"],
        "subject": mail["Subject"],
        "date": mail["Date"],
        "body": body.get_content() if body else "",
    }


@login_not_required
@require_safe
def mailbox(request):
    paths = sorted(settings.DEMO_MAIL_DIR.glob("*.eml"), reverse=True)[:MOST]
    return render(request, "portal/demo_mail.html", {"mails": [_read(path) for path in paths]})


@login_not_required
@require_safe
def mail(request, name):
    path = settings.DEMO_MAIL_DIR / f"{name}.eml"
    if not path.is_file():
        raise Http404
    return render(request, "portal/demo_mail_one.html", {"mail": _read(path)})
