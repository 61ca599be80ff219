"""State on disk: SQLite beside content-addressed raw payloads."""
