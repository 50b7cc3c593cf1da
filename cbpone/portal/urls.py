from django.urls import path

from cbpone.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("case/", views.my_case, name="my_case"),
    path("help/", views.help_page, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("rights/", views.rights, name="rights"),
    path("numbers/photos/", views.photo_figures, name="photo_figures"),
    path("numbers/photos.csv", views.photo_figures_csv, name="photo_figures_csv"),
    path("numbers/photos.json", views.photo_figures_json, name="photo_figures_json"),
    path("language/", views.set_language, name="set_language"),
    path("favicon.ico", views.favicon, name="favicon"),
]
