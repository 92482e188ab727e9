"""Results as the public door gives them: they print well, draw themselves, and become data frames.

Engines and the optimizer know nothing of tables. What they answer is taken over here, field by field, by a class of
the same name that also knows the model, and with it the units: wherever the plain value is asked for, this one will
do. Progress shows where somebody watches and the work takes more than a second.
"""
