from django.urls import path

from corridor.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("team/", views.team, name="team"),
    path("team/<int:identity>/end/", views.end_member, name="end_member"),
    path("lock/", views.lock, name="lock"),
]
