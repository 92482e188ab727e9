"""From a script to the model."""
