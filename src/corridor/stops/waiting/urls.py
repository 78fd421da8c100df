from django.urls import path

from corridor.stops.waiting import views

urlpatterns = [
    path("", views.waiting, name="waiting"),
    path("join/", views.join, name="join"),
    path("place/", views.new_place, name="new_place"),
]
