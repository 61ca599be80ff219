"""Steps from one schema to the next that SQL cannot say; each has `upgrade(connection)`."""
