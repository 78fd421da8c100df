from django.urls import path

from corridor.stops.convoy import views

urlpatterns = [
    path("", views.convoys, name="convoys"),
    path("<str:identity>/", views.convoy, name="convoy"),
    path("<str:identity>/manifest/", views.manifest, name="manifest"),
    path("<str:identity>/manifest.pdf", views.manifest_print, name="manifest_print"),
    path("<str:identity>/boarding/", views.boarding, name="boarding"),
    path("<str:identity>/arrival/", views.arrival, name="arrival"),
    path("<str:identity>/fill/", views.fill, name="fill"),
    path("<str:identity>/depart/", views.depart, name="depart"),
    path("<str:identity>/close/", views.close_arrival, name="close_arrival"),
]
