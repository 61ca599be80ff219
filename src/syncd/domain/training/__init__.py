"""What to run: fitness and zones, sessions, weeks, adaptation."""
