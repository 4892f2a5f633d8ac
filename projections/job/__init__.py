"""Open jobs: timers and asynchronous continuations."""
