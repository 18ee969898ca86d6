"""One request as it came over the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Request:
    """Method, path (without a handle's prefix), query, headers and the body's very bytes."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    path_params: dict[str, str]

    @property
    def json(self) -> Any:
        """Returns the parsed body, an empty object where there is none."""
        return json.loads(self.body) if self.body else {}

    @property
    def model(self) -> str:
        """Returns the model's name in the path, without any prefix."""
        return self.path_params.get("model", "")
