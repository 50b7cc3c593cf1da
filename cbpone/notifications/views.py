from django.shortcuts import render
from django.views.decorators.http import require_safe

from cbpone.notifications.inbox import read_inbox


@require_safe
def inbox(request):
    return render(request, "notifications/inbox.html", {"entries": read_inbox(request.user)})
