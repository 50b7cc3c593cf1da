from celery import shared_task

from cbpone.notifications import outbox


@shared_task(name="notifications.send_messages")
def send_messages():
    outbox.send_messages()
