"""A stand-in for Garmin Connect on the loopback interface."""
