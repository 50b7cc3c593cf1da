from django.shortcuts import render
from django.views.decorators.http import require_safe

from officers.today import ports_today


@require_safe
def index(request):
    return render(request, "officers/index.html", {"ports": ports_today(request.user)})
