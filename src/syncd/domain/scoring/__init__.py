"""How it went: a run against what was prescribed."""
