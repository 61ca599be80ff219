"""One sync, from pull to push: the imperative shell around the pure core."""
