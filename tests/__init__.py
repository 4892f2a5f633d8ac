"""The tests of the house, by level: unit, integration, acceptance, benchmarks."""
