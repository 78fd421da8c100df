from django.urls import path

from corridor.stops.waiting.views import calls, family, lists, overrides, rule

urlpatterns = [
    path("", lists.waiting, name="waiting"),
    path("join/", lists.join, name="join"),
    path("paper/", lists.paper, name="waiting_paper"),
    path("place/", lists.new_place, name="new_place"),
    path("away/", lists.away, name="waiting_away"),
    path("away/<str:identity>/again/", lists.again, name="waiting_again"),
    path("calls/", calls.calls, name="calls"),
    path("calls/board/", calls.board, name="call_board"),
    path("calls/board.pdf", calls.board_print, name="call_board_print"),
    path("calls/<str:identity>/answer/", calls.answer, name="call_answer"),
    path("calls/<str:identity>/end/", calls.end, name="call_end"),
    path("calls/<str:identity>/slips.pdf", calls.slips, name="call_slips"),
    path("overrides/", overrides.overrides, name="overrides"),
    path("overrides/<str:identity>/decide/", overrides.decide, name="override_decide"),
    path("rule/", rule.rule, name="rule"),
    path("rule/compare/", rule.compare, name="rule_compare"),
    path("rule/propose/", rule.propose, name="rule_propose"),
    path("rule/<str:identity>/decide/", rule.decide, name="rule_decide"),
    path("family/<str:identity>/", family.family, name="standing"),
    path("family/<str:identity>/slip.pdf", family.slip, name="standing_slip"),
    path("family/<str:identity>/move/", family.move, name="waiting_move"),
    path("family/<str:identity>/propose/", family.propose, name="override_propose"),
]
