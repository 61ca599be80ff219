"""Garmin Connect: login, request budget, runs in, workouts and their calendar out."""
