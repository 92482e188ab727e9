"""What editors ask about a script while it is being written, as pure functions over its text.

| function     | answers                                                                           |
|--------------|-----------------------------------------------------------------------------------|
| `check`      | what is wrong                                                                     |
| `complete`   | what may stand at a place                                                         |
| `hover`      | what a word means, or how a name is defined                                       |
| `definition` | where a name is defined                                                           |
| `actions`    | the changes that mend faults                                                      |
| `formatted`  | the script laid out                                                               |
| `hints`      | what is left unsaid: fitted delays, figures after each step, sends in quiet hours |

Lines and characters of places count from 0, in characters; spans are those of diagnostics, which count from 1.
`server` speaks of all this in the Language Server Protocol, and does nothing else.
"""

from cascadesim.editor.completion import Completion, complete
from cascadesim.editor.edits import Action, actions, check, formatted
from cascadesim.editor.hints import Hint, delays, figures, hints
from cascadesim.editor.hovering import Hover, definition, hover

__all__ = [
    "Action",
    "Completion",
    "Hint",
    "Hover",
    "actions",
    "check",
    "complete",
    "definition",
    "delays",
    "figures",
    "formatted",
    "hints",
    "hover",
]
