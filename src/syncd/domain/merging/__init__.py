"""Runs that were recorded or reported more than once: what belongs together, and what of it counts."""
