from parole.urls import cases, papers, selections, support, travel

app_name = "parole"
urlpatterns = [
    *support.urlpatterns,
    *papers.urlpatterns,
    *cases.urlpatterns,
    *travel.urlpatterns,
    *selections.urlpatterns,
]
