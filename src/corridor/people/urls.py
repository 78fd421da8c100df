from django.urls import path

from corridor.people import views

urlpatterns = [
    path("", views.find, name="people"),
    path("<str:identity>/", views.person, name="person"),
]
