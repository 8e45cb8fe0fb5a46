"""
What participants wrote, as formgrader shows it: without their scripts.

nbgrader's page puts Markdown and outputs into JupyterLab's own address as they are: a script there
acts as whoever reads it. A hub's nbgrader_config.py names the cleaning for a formgrader that starts
with it; one that is running already, and is only now led to this hub, is told here.
"""

from __future__ import annotations

import sys

FILTERS = {
    "clean_html": "grader.pages.cleaning.safe_html",
    "markdown2html": "grader.pages.cleaning.safe_markdown",
}


def take_scripts_out() -> None:
    """Clean the pages of the formgrader that runs in this process, if one does."""
    server = sys.modules.get("jupyter_server.serverapp")
    if server is None or not server.ServerApp.initialized():
        return
    app = getattr(server.ServerApp.instance(), "web_app", None)
    exporter = app.settings.get("nbgrader_exporter") if app else None
    if exporter is not None:
        exporter.sanitize_html = True
        exporter.filters = FILTERS  # for pages whose templates are read anew
        for name, cleaning in FILTERS.items():
            exporter.register_filter(name, cleaning)
