from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def live(request):
    return JsonResponse({"live": True})


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis():
    cache.set("health", 1, 5)


def _migrations():
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError


@login_not_required
@require_safe
def ready(request):
    """200 when every store answers and the database is up to date; else 503 naming what is not."""
    missing = []
    for name, check in (("database", _database), ("redis", _redis), ("migrations", _migrations)):
        try:
            check()
        except Exception:  # whatever it is, this part is not ready
            missing.append(name)
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)
