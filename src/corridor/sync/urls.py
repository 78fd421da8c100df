from django.urls import path

from corridor.sync import views

urlpatterns = [
    path("sync/compare", views.compare),
    path("sync/pull", views.pull),
    path("sync/push", views.push),
]
