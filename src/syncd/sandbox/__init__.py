"""Stand-ins for services and a simulated athlete: for the demo, the tests and the benchmarks."""
