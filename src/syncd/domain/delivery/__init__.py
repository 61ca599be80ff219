"""What must be on the watch."""
