from django.urls import path

from corridor.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("lock/", views.lock, name="lock"),
]
