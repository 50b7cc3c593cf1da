from django.conf import settings
from django.urls import include, path

from cbpone.accounts.views import kept, staying
from cbpone.portal import demo_mail, health, views
from officers.site import site as officers_site

urlpatterns = [
    path("", include("cbpone.portal.urls")),
    path("", include("scheduling.urls")),
    path("", include("parole.urls")),
    path("messages/", include("cbpone.notifications.urls")),
    path("", include("cbpone.photos.urls")),
    path("accounts/", include("cbpone.accounts.urls")),
    path("kept/<uuid:reference>/", kept.kept, name="kept"),
    path("kept/<uuid:reference>/leave/", kept.leave, name="kept_leave"),
    path("session/stay/", staying.stay, name="session_stay"),
    path("session/left/", staying.left, name="session_left"),
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
