from django.urls import path

from parole.views import travel

urlpatterns = [
    path("cases/<str:reference>/authorization/", travel.authorization, name="authorization"),
    path("cases/<str:reference>/i94/", travel.i94_record, name="i94"),
    path("cases/<str:reference>/tb/", travel.tb_report, name="tb_report"),
    path("travel/check/", travel.check, name="travel_check"),
    path("travel/check/<str:reference>/<str:signature>/", travel.check, name="travel_check_signed"),
    path("i94/", travel.i94_retrieve, name="i94_retrieve"),
]
