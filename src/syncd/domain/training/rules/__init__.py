"""The adaptation rules A1-A20: what they rest on, what they find, what they change."""
