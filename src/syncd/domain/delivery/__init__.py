"""What must be on the watch: labels, the watch state, and reconcile."""
