from django.urls import path

from corridor.stops.waiting import views

urlpatterns = [path("", views.waiting, name="waiting")]
