"""One run, recorded or told more than once: which belong together, and what counts of each."""
