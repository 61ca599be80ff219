"""Installing the service: its units, and the service manager's commands."""
