"""Stories of a runner played through the whole program: what was said, and the weeks that followed."""
