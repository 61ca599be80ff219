"""One sync cycle: the imperative shell around the pure core."""
