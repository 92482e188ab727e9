"""Tables as HTML: the same cells, and nothing that a script says is markup."""

from __future__ import annotations

from rich.console import Group
from rich.text import Text

from cascadesim.reports import tables
from cascadesim.reports.markup import markup


def test_a_table_keeps_its_cells_their_places_and_its_sections() -> None:
    made = tables.table("chain", "EUR per\nperson")
    made.add_row("viber", "0.0231", style=tables.BEST)
    made.add_section()
    made.add_row("sms", Text("0.0450").append("\n±0.0001", tables.QUIET))
    html = markup([tables.titled("Title", made)])
    assert html.startswith('<p class="title">Title</p>')
    assert '<th scope="col">chain</th><th scope="col" class="figure">EUR per<br>person</th>' in html
    assert '<tr class="best"><td>viber</td><td class="figure">0.0231</td></tr>' in html
    assert '<tr class="section"><td>sms</td>' in html
    assert '0.0450<span class="quiet"><br>±0.0001</span>' in html


def test_signs_of_html_are_texts() -> None:
    made = tables.table("<b>")
    made.add_row("<script>alert(1)</script>")
    html = markup([Group(Text("a < b & c"), made), "x > y"])
    assert "<script>" not in html
    assert "<b>" not in html
    assert "a &lt; b &amp; c" in html
    assert "<p>x &gt; y</p>" in html
