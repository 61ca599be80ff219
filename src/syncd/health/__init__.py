"""Check that everything works. Each check covers one thing and names the remedy."""
