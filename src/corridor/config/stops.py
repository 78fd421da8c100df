"""The ordered list of what a site is made of, from the ground up."""

from __future__ import annotations

#: Apps of the house above the desk and the journal, in the order in which they may import.
APPS = [
    "corridor.people.apps.PeopleConfig",
    "corridor.people.importing.apps.ImportingConfig",
    "corridor.stops.waiting.apps.WaitingConfig",
    "corridor.stops.convoy.apps.ConvoyConfig",
    "corridor.oversight.apps.OversightConfig",
]

#: Labels of apps whose tables are folded: the journal makes them, migrations do not.
FOLDED = ["journal_tables", "people", "waiting", "convoy"]

#: Prefix of each app's pages and the module of its URLs.
URLS = [
    ("", "corridor.sync.urls"),
    ("", "corridor.desk.urls"),
    ("people/", "corridor.people.urls"),
    ("waiting/", "corridor.stops.waiting.urls"),
    ("convoys/", "corridor.stops.convoy.urls"),
    ("accounts/", "corridor.oversight.urls"),
]
