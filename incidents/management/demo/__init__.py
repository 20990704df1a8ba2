"""
The lived-in example: Maison Verdier, a fictional maker of frozen food, on a bad evening.

Four crises and four imported ones. Everything happens through the verbs, each at its own time
before now, in the order of the clock; reminders and messages go out in between as they would.
"""
