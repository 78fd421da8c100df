from django.urls import path

from corridor.oversight import audit, hours, sites, views
from corridor.oversight.exporting import views as exporting

urlpatterns = [
    path("sites/", sites.sites, name="sites"),
    path("sites/meet/", sites.meet_site, name="meet_site"),
    path("sites/meeting/<str:key>/", sites.meeting, name="meeting"),
    path("sites/make/", sites.make_stick, name="make_stick"),
    path("sites/read/", sites.read_stick, name="read_stick"),
    path("sites/enrol/", sites.enrol_site, name="enrol_site"),
    path("sites/revoke/", sites.revoke_site, name="revoke_site"),
    path("sites/adopt/", sites.adopt_entry, name="adopt_entry"),
    path("exports/", exporting.exports, name="exports"),
    path("exports/counts/", exporting.counts, name="export_counts"),
    path("exports/<str:identity>/decide/", exporting.decide, name="decide_export"),
    path("exports/<str:identity>/take/", exporting.take, name="take_export"),
    path("", views.accounts, name="accounts"),
    path("audit/", audit.audit, name="audit"),
    path("waits/", audit.waits, name="waits"),
    path("mine/", views.mine, name="loops_mine"),
    path("open/<str:identity>/", views.loop, name="loop"),
    path("hours/", hours.hours, name="loop_hours"),
    path("roles/", views.matrix, name="matrix"),
]
