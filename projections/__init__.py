"""What can be asked: the event store's recorder, and read models that are written with the facts or follow them."""
