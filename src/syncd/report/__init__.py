"""What people read: text now, tables and plots."""
