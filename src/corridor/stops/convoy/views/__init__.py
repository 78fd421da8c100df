"""Pages of the road."""

from corridor.stops.convoy.views import arrival, boarding, convoys, departure, fleet, papers, plans

__all__ = ["arrival", "boarding", "convoys", "departure", "fleet", "papers", "plans"]
