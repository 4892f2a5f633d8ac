"""The engine shell's own rules, without a database."""
