"""The statements that a deploying body must make: templates, and the Markdown they are written in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from grader.thresholds import Reporting

HERE = Path(__file__).parent / "report"
CLASSES = {
    "h1": "govuk-heading-l",
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
}


def template(name: str, reporting: Reporting, cohort: str) -> str:
    """Give the template called *name*, with what cohort.toml says filled in."""
    text = (HERE / f"{name}.md").read_text(encoding="utf-8")
    said = {
        "[name of organisation]": reporting.organisation,
        "[contact]": reporting.contact,
        "[name of cohort]": cohort,
    }
    for gap, words in said.items():
        text = text.replace(gap, words or gap)
    return text


def html(text: str) -> Markup:
    """Render Markdown; HTML in it is shown as text."""
    return Markup(_markdown().render(text))


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False})
    for rule in ("heading_open", "bullet_list_open", "ordered_list_open"):
        markdown.add_render_rule(rule, _classed)
    return markdown


def _classed(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[at]
    if token.tag in CLASSES:
        token.attrSet("class", CLASSES[token.tag])
    return renderer.renderToken(tokens, at, options, env)
