"""`syncd init` at a terminal: a question at a time, each with what it is for."""
