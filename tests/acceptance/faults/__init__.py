"""What breaks in a running house: servers and databases that are killed, connections that go, clients that hang up."""
