"""A simulated athlete: for the demo, the tests and the benchmarks."""
