"""The page of a plan: one self-contained HTML file for those who decide, on a screen and on paper.

`dossier` gathers what a page says: what the plan file holds, and what is worked out anew from the model in it.
`write` fills it into `page.html.jinja`; `ways` are its steps, `svg` its pictures, `colours` the script. A page asks for
nothing: neither a font, nor a script, nor another file.
"""
