"""Pure calculations: no Django, no database, no clock, and nothing else of the house."""
