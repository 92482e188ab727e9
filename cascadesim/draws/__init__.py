"""Random numbers by name, and the people and fates drawn with them. Standard library only."""
