"""A stand-in for Strava, as pure functions over one account."""
