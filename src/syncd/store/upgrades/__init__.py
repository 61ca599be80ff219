"""What a step of the schema does that SQL cannot say. Each imports nothing that may change after it."""
