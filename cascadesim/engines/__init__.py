"""From the model to its outcome."""
