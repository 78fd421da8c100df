from django.urls import include, path

from corridor.people import child_card, happened, households, registering, views
from corridor.people.confided import views as confided
from corridor.people.needed import views as needed

urlpatterns = [
    path("", views.find, name="people"),
    path("register/", registering.register, name="register"),
    path("", include("corridor.people.importing.urls")),
    path("quick/", registering.quick, name="quick"),
    path("keep/<str:form>/", registering.keep, name="keep"),
    path("reviews/", needed.reviews, name="reviews"),
    path("cards.pdf", registering.card_sheets, name="card_sheets"),
    path("household/<str:identity>/", households.household, name="household"),
    path("household/<str:identity>/complete/", households.complete, name="complete"),
    path("household/<str:identity>/card.pdf", households.card_print, name="card_print"),
    path("household/<str:identity>/card/", households.another_card, name="another_card"),
    path("household/<str:identity>/void/", households.void_card, name="void_card"),
    path("<str:identity>/alone/", confided.alone, name="alone"),
    path("<str:identity>/alone/over/", confided.end_wish, name="end_wish"),
    path("<str:identity>/carer/", confided.carer, name="carer"),
    path("<str:identity>/carer/judge/", confided.judge_carer, name="judge_carer"),
    path("<str:identity>/child/", child_card.child, name="child"),
    path("<str:identity>/child.pdf", child_card.child_print, name="child_print"),
    path("<str:identity>/compare/", views.compare, name="compare"),
    path("<str:identity>/leave/", households.leave_household, name="leave_household"),
    path("<str:identity>/join/", households.join_household, name="join_household"),
    path("<str:identity>/happened/", happened.happened, name="happened"),
    path("<str:identity>/needs/", needed.needs, name="needs"),
    path("<str:identity>/seen/", views.see, name="see"),
    path("<str:identity>/erase/", views.erase, name="erase"),
    path("<str:identity>/correct/", views.correct, name="correct"),
    path("<str:identity>/", views.person, name="person"),
]
