"""FIT: reading activities and workouts, writing workouts."""
