"""What nobody should send: it is refused as the contract says, by name, and leaves nothing behind."""
