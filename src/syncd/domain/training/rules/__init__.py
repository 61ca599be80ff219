"""The adaptation rules A1-A20: what they look at, what they find, what they change."""
