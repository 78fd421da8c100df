"""Pure calculations: no Django, no database, no clock; imported by all, import nothing of the house."""
