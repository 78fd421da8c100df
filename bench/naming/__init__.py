"""What `bench.names` measures and beside whom."""
