"""
TOML files with line numbers: all that is wrong with a file at once, in plain words.

document  a file's content, and what in it is not TOML
lines     which line a key is on
models    what doors describe their tables with
checking  a document against its model
wording   pydantic's errors in plain words
phrases   a value as it is shown, the word that somebody may have meant

Nothing here knows what a file is about: the doors bring a model of it (see Table). Validators
complain with `wrong("is empty", "Write ...")`; the key and the line are put in front here.
"""

from grader.toml.checking import check, in_order, repeated
from grader.toml.document import Document, parse, read, read_text
from grader.toml.lines import Keys
from grader.toml.models import FORMAT, NAME_RULE, Format, Name, Table, Text, wrong
from grader.toml.phrases import or_similar

__all__ = [
    "FORMAT",
    "NAME_RULE",
    "Document",
    "Format",
    "Keys",
    "Name",
    "Table",
    "Text",
    "check",
    "in_order",
    "or_similar",
    "parse",
    "read",
    "read_text",
    "repeated",
    "wrong",
]
