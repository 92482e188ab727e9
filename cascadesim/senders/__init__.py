"""From a plan to what vendors accept."""
