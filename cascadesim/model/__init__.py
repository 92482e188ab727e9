"""What a campaign is: frozen dataclasses, their JSON codec, the wall clock, contents and prices."""
