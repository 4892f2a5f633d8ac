"""Process instances, running and past."""
