"""Pictures: each a function that takes what it shows and `ax`, and returns the axes.

They are read in grey and by the colour-blind: what colour says, hatching, line style, marker or a word says too.
`style` has the house style and sees to it that no two texts lie on each other. Matplotlib is imported when one of
these modules is, and nothing else imports them before a picture is asked for.
"""
