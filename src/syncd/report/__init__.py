"""What people read: texts, tables, pictures, the HTML page, and messages to a phone."""
