"""Runs a notebook and writes it as one page of HTML, with its pictures and without scripts.

`python build/notebook.py examples/from-python.ipynb docs/from-python.html` needs nbconvert, ipykernel, PyTorch and the wheel.
"""

import html
import os
import re
import sys
from pathlib import Path

from nbconvert import HTMLExporter
from nbconvert.preprocessors import ExecutePreprocessor
from pygments.formatters import HtmlFormatter

STYLE = """
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; }
pre { overflow-x: auto; font-size: 0.875rem; line-height: 1.4; margin: 0; }
.highlight, .output_stream, .output_html { padding: 0.75rem 1rem; border-radius: 4px; }
.highlight { background: #f4f5f7; }
.cell { margin: 1rem 0; }
.output_stream, .output_html { border: 1px solid #d8dbe0; margin-top: 0.5rem; }
.prompt, .anchor-link { display: none; }
img { max-width: 100%; }
.ansi-bold { font-weight: bold; }
.ansi-red-intense-fg { color: #b3261e; }
.ansi-blue-intense-fg { color: #1a56b0; }
.ansi-yellow-intense-fg { color: #8a5a00; }
"""


def page(notebook: Path) -> str:
    """The page of a notebook, whose cells are run."""
    exporter = HTMLExporter(template_name="basic")
    exporter.register_preprocessor(ExecutePreprocessor(timeout=600), enabled=True)
    body, _ = exporter.from_filename(str(notebook))
    title = re.search(r"<h1[^>]*>([^<]*)", body)
    head = html.unescape(title[1]) if title else notebook.stem
    # Of each picture the notebook says in words what it shows, above it.
    body = body.replace('alt="No description has been provided for this image"', 'alt=""')
    body = "\n".join(line.rstrip() for line in body.splitlines())
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(head)}</title>
<style>{STYLE}{HtmlFormatter(style="default").get_style_defs(".highlight")}</style>
</head>
<body>
{body}
</body>
</html>
"""


if __name__ == "__main__":
    # Notebooks are in colours.
    os.environ.pop("NO_COLOR", None)
    source, target = map(Path, sys.argv[1:])
    target.write_text(page(source), encoding="utf-8")
