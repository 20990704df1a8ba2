"""The frame in a real browser: every component, and what the scripts promise."""
