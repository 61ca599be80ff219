"""Strava: the `strava` connector."""
