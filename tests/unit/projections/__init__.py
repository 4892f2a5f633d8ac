"""Pure code of the projections: how facts are stored, and which rows and statements they make."""
