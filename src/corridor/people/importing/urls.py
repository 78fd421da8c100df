from django.urls import path

from corridor.people.importing import correcting_pages as rows
from corridor.people.importing import views

urlpatterns = [
    path("import/", views.lists, name="import"),
    path("import/template.xlsx", views.template, name="list_template"),
    path("aside/", rows.set_aside, name="set_aside"),
    path("aside/<str:entry>/", rows.correct_row, name="correct_row"),
    path("aside/<str:entry>/leave/", rows.leave, name="leave_out"),
    path("import/mapping/<str:identity>/", views.mapping, name="mapping"),
    path("import/mapping/<str:identity>/drop/", views.forget_mapping, name="forget_mapping"),
    path("import/done/<str:identity>/", views.brought, name="brought"),
    path("import/<str:key>/", views.columns, name="list"),
    path("import/<str:key>/header/", views.header, name="list_header"),
    path("import/<str:key>/problems/", views.problems, name="list_problems"),
    path("import/<str:key>/problems.csv", views.problems_csv, name="list_problems_csv"),
    path("import/<str:key>/words/", views.words, name="list_words"),
    path("import/<str:key>/check/", views.check, name="list_check"),
    path("import/<str:key>/bring/", views.bring, name="list_bring"),
    path("import/<str:key>/stop/", views.stop, name="list_stop"),
    path("import/<str:key>/drop/", views.drop, name="list_drop"),
]
