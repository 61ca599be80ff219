"""Readers and writers of file formats: FIT, TCX, GPX, ICS, and the JSON of services."""
