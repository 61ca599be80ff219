"""Installing the service: units, and the service manager's commands."""
