from django.conf import settings
from django.urls import include, path

from cbpone.photos.views import photo, photo_thumb
from cbpone.portal import demo_mail, health, views
from officers.site import site as officers_site

urlpatterns = [
    path("", include("cbpone.portal.urls")),
    path("", include("scheduling.urls")),
    path("", include("parole.urls")),
    path("messages/", include("cbpone.notifications.urls")),
    path("photos/<uuid:reference>/", photo, name="photo"),
    path("photos/<uuid:reference>/thumb/", photo_thumb, name="photo_thumb"),
    path("accounts/", include("cbpone.accounts.urls")),
    path("officers/", officers_site.urls),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/mail/", demo_mail.mailbox, name="demo_mail"),
        path("demo/mail/<slug:name>/", demo_mail.mail, name="demo_mail_one"),
    ]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
