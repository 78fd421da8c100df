from django.urls import include, path

from corridor.people import happened, views
from corridor.people.confided import views as confided

urlpatterns = [
    path("", views.find, name="people"),
    path("register/", views.register, name="register"),
    path("", include("corridor.people.importing.urls")),
    path("quick/", views.quick, name="quick"),
    path("cards.pdf", views.card_sheets, name="card_sheets"),
    path("household/<str:identity>/", views.household, name="household"),
    path("household/<str:identity>/card.pdf", views.card_print, name="card_print"),
    path("household/<str:identity>/void/", views.void_card, name="void_card"),
    path("<str:identity>/alone/", confided.alone, name="alone"),
    path("<str:identity>/alone/over/", confided.end_wish, name="end_wish"),
    path("<str:identity>/carer/", confided.carer, name="carer"),
    path("<str:identity>/carer/judge/", confided.judge_carer, name="judge_carer"),
    path("<str:identity>/compare/", views.compare, name="compare"),
    path("<str:identity>/leave/", views.leave_household, name="leave_household"),
    path("<str:identity>/happened/", happened.happened, name="happened"),
    path("<str:identity>/correct/", views.correct, name="correct"),
    path("<str:identity>/", views.person, name="person"),
]
