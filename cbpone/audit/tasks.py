from celery import shared_task

from cbpone.audit.sealing import seal


@shared_task(name="audit.seal_log")
def seal_log():
    seal()
