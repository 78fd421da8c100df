"""The road on paper."""

from corridor.stops.convoy.printing.manifest import manifest_pdf
from corridor.stops.convoy.printing.sheets import (
    control_pdf,
    dashboard_pdf,
    slips_pdf,
    tally_pdf,
)

__all__ = ["control_pdf", "dashboard_pdf", "manifest_pdf", "slips_pdf", "tally_pdf"]
