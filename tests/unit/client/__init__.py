"""Unit tests of the worker client: no server, an httpx.MockTransport in its place."""
