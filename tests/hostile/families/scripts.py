"""Work that would like to run in the browser of whoever reads its page."""

from tests.hostile.submission import ALL, Submission, but, right

_HTML = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)><a href='javascript:alert(1)'>x</a>"
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><style>@import 'http://x'</style><base href='//x'>"
    "<form action='//x'><button formaction='javascript:alert(1)'>b</button></form><meta http-equiv=refresh content='0;//x'>"
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>"
    "<object data='//x'></object><embed src='//x'><details open ontoggle=alert(1)><table style='background:url(//x)'>"
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript><template><script>alert(1)</script></template>"
)
_WORDS = (
    f"{_HTML}\n\n[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,<script>alert(1)</script>)"
    " ![d](x' onerror='alert(1)) <javascript:alert(1)>\n\n[e]: javascript:alert(1)\n[e] $\\href{javascript:alert(1)}{x}$"
    "\n\n```html\n</code></pre><script>alert(1)</script>\n```\n\n# </style><script>alert(1)</script>\n"
    "| a |\n|---|\n| <script>alert(1)</script> |\n"
)
_SHOW = "from IPython.display import display, HTML, Javascript, Markdown, SVG, Latex, JSON, Video, IFrame\n"

SUBMISSIONS = (
    *(
        Submission(f"script {name}", right(after={"t1": _SHOW + source}), ALL)
        for name, source in {
            "in shown HTML": f"display(HTML({_HTML!r}))",
            "in shown JavaScript": "display(Javascript('alert(1)'))",
            "in shown Markdown": f"display(Markdown({_WORDS!r}))",
            "in a shown picture": (
                "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script>"
                "<foreignObject><img src=\"x\" onerror=\"alert(1)\"/></foreignObject><a href=\"javascript:alert(1)\"><text>x</text></a></svg>'))"
            ),
            "under every type there is": (
                f"bad = {_HTML!r}\n"
                "for kind in ('text/html', 'text/latex', 'text/plain', 'text/markdown', 'image/svg+xml', 'image/png',"
                " 'application/javascript', 'application/json', 'application/vnd.jupyter.widget-view+json', 'text/vnd.mermaid',"
                " 'application/vnd.vegalite.v5+json', 'application/pdf', '\"><script>alert(1)</script>'):\n"
                "    display({kind: bad}, raw=True)"
            ),
            "in a frame or a film": "display(IFrame('javascript:alert(1)', 1, 1)); display(Video('x\" onerror=\"alert(1)'))",
            "on standard output": f"import sys\nprint({_HTML!r}); sys.stderr.write({_HTML!r})",
            "in a traceback": f"class Bad(Exception):\n    pass\nBad.__name__ = '<script>alert(1)</script>'\nraise Bad({_HTML!r})",
            "in the text of a value": f"class Bad:\n    def _repr_html_(self): return {_HTML!r}\n    def __repr__(self): return {_HTML!r}\nBad()",
            "in a table": f"import pandas as pd\ndisplay(pd.DataFrame({{{_HTML!r}: [{_HTML!r}]}}).style.format(escape=None))\n"
                          f"pd.DataFrame({{'a': [{_HTML!r}]}}).to_html(escape=False)",
            "in the source of a cell": f"words = {_HTML!r}  # </code></pre><script>alert(1)</script>",
            "in the title of a chart": "import matplotlib.pyplot as plt\nplt.title('<script>alert(1)</script>')\nplt.show()",
            "in escapes that never end": "print('\\x9d' * 40_000 + '\\x1bx'); print('\\x90' * 40_000 + '\\x1bx')",
            "in a traceback from a line of five thousand digits": (
                "class Bad(Exception):\n    def _render_traceback_(self):\n"
                "        return ['File a, line ' + '1' * 5000, '1' * 5000 + ' x', 'Bad: x']\nraise Bad"
            ),
            "in escapes of a terminal": "print('\\x1b]8;;javascript:alert(1)\\x07x\\x1b]8;;\\x07 \\x9b')",
        }.items()
    ),
    Submission("script in an answer in words", right(reflection=_WORDS), ALL),
    Submission(
        "script in an attachment of an answer in words",
        right(
            reflection="![x](attachment:a.svg) ![y](attachment:b.png)",
            change=lambda nb: [
                cell.update(attachments={
                    "a.svg": {"image/svg+xml": "<svg onload='alert(1)'/>"},
                    "b.png": {"text/html": _HTML, "image/png": "\"><script>alert(1)</script>"},
                    "\"><script>alert(1)</script>": {"x": [1, {"y": None}]}})
                for cell in nb["cells"] if cell["cell_type"] == "markdown" and cell["metadata"]],
        ),
        ALL,
    ),
    Submission("script in what a check says", right(t4=f"def shout(text):\n    raise KeyError({_HTML!r})"),
               but(ALL, t4_more=0.0)),
    Submission("a hint of its own choice",
               right(t4="class ClaimFailed(Exception): code = 'W01.T1.M1'\n"
                        "def shout(text):\n    raise ClaimFailed('<script>alert(1)</script>\\nb\\nc [W01.T1.M1]')"),
               but(ALL, t4_more=0.0)),
)  # fmt: skip
