from datetime import timedelta

from celery import shared_task

from cbpone.accounts import keeping
from cbpone.accounts.entry import purge_unused_accounts
from cbpone.lib import clock


@shared_task(name="accounts.purge_unused")
def purge_unused():
    purge_unused_accounts(older_than=clock.now() - timedelta(days=2))


@shared_task(name="accounts.purge_kept")
def purge_kept():
    keeping.purge(older_than=clock.now() - timedelta(days=keeping.KEEP_DAYS))
