"""Forms of the road."""

from corridor.stops.convoy.forms.convoys import (
    CardForm,
    ChecklistForm,
    ConvoyForm,
    CountForm,
    DepartForm,
    LeadForm,
    PaperForm,
    UnlistedForm,
)
from corridor.stops.convoy.forms.fleet import (
    CrewForm,
    IntakeForm,
    RouteForm,
    TravelRuleForm,
    VehicleForm,
    WindowForm,
)

__all__ = [
    "CardForm",
    "ChecklistForm",
    "ConvoyForm",
    "CountForm",
    "CrewForm",
    "DepartForm",
    "IntakeForm",
    "LeadForm",
    "PaperForm",
    "RouteForm",
    "TravelRuleForm",
    "UnlistedForm",
    "VehicleForm",
    "WindowForm",
]
