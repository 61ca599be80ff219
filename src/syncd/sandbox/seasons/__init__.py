"""Simulated seasons: athletes with a body and habits, against the real planner and the real rules."""
