from django.urls import path

from corridor.oversight import views

urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("roles/", views.matrix, name="matrix"),
]
