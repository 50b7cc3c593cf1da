import json

from cbpone.accounts.choices import WhyKept
from cbpone.accounts.models import KeptFile, KeptForm
from cbpone.lib import clock
from cbpone.lib.vault import seal_bytes


def make_kept(user, path="/registration/contact/", typed=None, **values) -> KeptForm:
    contents = {"typed": typed or {"phone": ["+52 664 765 4321"]}, "left_out": []}
    return KeptForm.objects.create(
        **{
            "user": user,
            "path": path,
            "page": path,
            "sealed": seal_bytes(json.dumps(contents).encode()),
            "why": WhyKept.SIGNED_OUT,
            "made_at": clock.now(),
        }
        | values
    )


def make_kept_file(form, **values) -> KeptFile:
    named = {"name": "lease.pdf", "type": "application/pdf"}
    return KeptFile.objects.create(
        **{
            "form": form,
            "field": "file",
            "label": seal_bytes(json.dumps(named).encode()),
            "size": 4,
            "sealed": seal_bytes(b"%PDF"),
        }
        | values
    )
