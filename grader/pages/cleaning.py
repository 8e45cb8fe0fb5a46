"""
Make what participants wrote harmless: what is not on a short list does not pass.

HTML is cleaned after it was rendered and is never touched again; text loses what steers a terminal
and the paths of the machine it ran on, and is shortened with a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

TEXT, PROSE, HTML, CODE = 4_000, 20_000, 50_000, 20_000  # characters that are shown
LINES = 30

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "del", "div", "em", "hr", "i", "img", "ins"),
    *("kbd", "mark", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "u"),
    *("dd", "dl", "dt", "li", "ol", "ul", "var"),
    *("caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
}
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
# Of these not even the text inside stays.
EMPTIED = {
    *("script", "style", "template", "noscript", "iframe", "noembed", "noframes", "xmp"),
    *("textarea", "title", "select", "object", "svg", "math"),
}
LINK = re.compile(r"(https?://|mailto:)[^\s]+", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
SMALL = re.compile(r"[1-9]\d{0,2}|0")
SCOPES = {"row", "col", "rowgroup", "colgroup"}

ESCAPES = re.compile(
    r"""
    # A command to the terminal, to its end or the next; it cannot fail, or a page takes hours.
    (?:\x1b\]|\x9d) [^\x07\x1b\x9c]* (?:\x07|\x1b\\|\x9c)?
    | (?:\x1b[PX^_]|[\x90\x98\x9e\x9f]) [^\x1b\x9c]* (?:\x1b\\|\x9c)?
    | (?:\x1b\[|\x9b) [0-?]* [ -/]* [@-~]?                     # colours, movements
    | \x1b [ -/]* [0-~]?
    """,
    re.VERBOSE,
)
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
SURROGATES = re.compile(r"[\ud800-\udfff]")
ROOTS = (
    "home|tmp|root|usr|var|opt|srv|mnt|media|proc|sys|etc|run|private|Users|Volumes|work|workspace|"
    "app|builds|content|nix|lib|lib64|exchange"
)
PATH = re.compile(
    rf"(?<![\w./~+=<-])(?:file://)?/(?:{ROOTS})/[^\s\"'<>:,;()\[\]`|]*"
    rf"|(?<!\w)[A-Za-z]:\\[^\s\"'<>:,;()\[\]`|]+"
)


@dataclass(frozen=True)
class Cut:
    """Hold a text that may have been shortened, and how many characters more there were."""

    text: str
    more: int = 0

    @property
    def words(self) -> str:
        """Say what is missing, if anything is."""
        characters = "character" if self.more == 1 else "characters"
        return f"… {self.more:,} more {characters}" if self.more else ""


def readable(text: str) -> str:
    """Take from *text* what would steer a terminal or turn the reading direction round."""
    text = ESCAPES.sub("", re.sub(r"\r\n?", "\n", text))
    return writable(STEERING.sub("", text))


def plain(text: str) -> str:
    """Give *text* as a person would have seen it on a terminal, without paths of the machine."""
    lines = text.replace("\r\n", "\n").split("\n")
    # A progress bar writes one line over and over: its last state counts.
    return without_paths(
        readable("\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines))
    )


def writable(text: str) -> str:
    """Replace halves of characters, which no file can hold."""
    return SURROGATES.sub("\ufffd", text)


def without_paths(text: str) -> str:
    """Keep of each absolute path the name of its file only; a folder may be named after somebody."""
    return PATH.sub(lambda found: _file(found[0]), text)


def _file(path: str) -> str:
    name = re.split(r"[/\\]", path)[-1]
    return f"…/{name}" if "." in name.strip(".") else "…"


def shortened(text: str, limit: int = TEXT, lines: int = LINES) -> Cut:
    """Keep the beginning of *text*: at most *limit* characters and *lines* lines."""
    kept = "\n".join(text[: limit + 1].split("\n", lines)[:lines])[:limit].rstrip("\n")
    return Cut(kept, len(text.rstrip("\n")) - len(kept))


def safe_html(html: str) -> Markup:
    """Keep of *html* only what is on the lists above: no script, style, handler or foreign address."""
    return Markup(
        nh3.clean(
            writable(html),
            tags=set(TAGS),
            clean_content_tags=set(EMPTIED),
            attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
            attribute_filter=_attribute,
            url_schemes={"http", "https", "mailto", "data"},
            url_relative="deny",
            link_rel="noopener noreferrer",
        )
    )


def safe_markdown(source: str) -> Markup:
    """Render a participant's Markdown: HTML in it is shown as text, headings as strong lines."""
    return safe_html(_markdown().render(readable(source)))


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if LINK.fullmatch(value) else None
    if name == "src":
        return value if PICTURE.fullmatch(value) else None
    if name in {"colspan", "rowspan", "start"}:
        return value if SMALL.fullmatch(value) else None
    if name == "scope":
        return value if value in SCOPES else None
    return value if name in {"alt", "rel"} else None


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.add_render_rule("heading_open", lambda *_: "<p><strong>")
    markdown.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
    markdown.add_render_rule("image", _image)
    return markdown


def _image(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    source, words = str(tokens[at].attrGet("src") or ""), escapeHtml(tokens[at].content)
    if PICTURE.fullmatch(source):
        return f'<img src="{source}" alt="{words}">'
    return f"(a picture that is not in the notebook: {words or 'without a name'})"
