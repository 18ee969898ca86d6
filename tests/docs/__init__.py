"""The documents of the project and the code blocks in them."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "opentelemetry_instrumentation_gemini"
DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
}

_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of code."""

    document: str
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.text.splitlines()[0]}"


BLOCKS = [
    Block(document, *found)
    for document, text in DOCUMENTS.items()
    for found in _FENCED.findall(text)
]


def blocks(language: str) -> list[Block]:
    """Return every block in *language*."""
    return [block for block in BLOCKS if block.language == language]
