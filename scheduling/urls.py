from django.urls import path

from scheduling.views import appointments, check, registration, urgent

app_name = "scheduling"
urlpatterns = [
    path("registration/", registration.registration, name="registration"),
    path("registration/start/", registration.registration_start, name="registration_start"),
    path("registration/people/", registration.people, name="people"),
    path("registration/people/add/", registration.person_add, name="person_add"),
    path(
        "registration/people/<uuid:reference>/remove/",
        registration.person_remove,
        name="person_remove",
    ),
    path("registration/people/<uuid:reference>/photo/", registration.photo, name="photo"),
    path(
        "registration/people/<uuid:reference>/<slug:key>/",
        registration.person_page,
        name="person_page",
    ),
    path("registration/check/", registration.check_answers, name="check_answers"),
    path("registration/signed/", registration.signed, name="signed"),
    path("registration/withdraw/", registration.registration_withdraw, name="withdraw"),
    path("registration/<slug:key>/", registration.page, name="page"),
    path("appointments/book/", appointments.book, name="book"),
    path("appointments/<str:reference>/", appointments.appointment, name="appointment"),
    path(
        "appointments/<str:reference>/calendar/",
        appointments.appointment_calendar,
        name="appointment_calendar",
    ),
    path(
        "appointments/<str:reference>/cancel/",
        appointments.appointment_cancel,
        name="appointment_cancel",
    ),
    path("urgent/", urgent.urgent_request, name="urgent"),
    path("urgent/withdraw/", urgent.urgent_withdraw, name="urgent_withdraw"),
    path("history/", appointments.history, name="history"),
    path("check/", check.check, name="check"),
    path("check/<str:reference>/<str:signature>/", check.check, name="check_signed"),
]
