"""Strava: login, request budget, runs in, and the webhook that announces them."""
