"""One call of a tool in a Live session: from the model's wish to the program's response."""

from collections.abc import Iterable
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    NO_PARAMETERS,
    Answer,
    Failure,
    Request,
    Tool,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content, Part

from .errors import scrub
from .fields import FieldReader
from .plain import as_object, plain

RESPONSE = FieldReader("id", "name", "response", "will_continue")
"""Read of a function response which call it is for, what it says, and whether more will come."""

_CALL = FieldReader("id", "name", "args")


class LiveToolCall:
    """A call that the program is to answer.

    Args:
        call: The SDK's function call.
        definitions: The session's tools.
        capture: Whether content is wanted.
    """

    parameters = NO_PARAMETERS

    def __init__(self, call: Any, definitions: Iterable[Part], *, capture: bool) -> None:
        call_id, name, arguments = _CALL(call)
        self.call_id: str | None = plain(call_id)
        self.name: str = plain(name) or "unknown"
        self.request = Request("execute_tool", tool=Tool(self.name, "function"))
        self._capture = capture
        self._inputs: dict[str, Any] = {}
        self._result: Any = None
        self._failure: Failure | None = None
        self._cancelled = False
        if capture:
            self._inputs["tool_arguments"] = plain(arguments or {})
            for tool in definitions:
                if tool["name"] == self.name and "description" in tool:
                    self._inputs["tool_description"] = tool["description"]

    def is_meant(self, call_id: Any, name: Any) -> bool:
        """Whether a response is for this call; Vertex AI may give a call no id."""
        if self.call_id is not None and call_id is not None:
            return bool(self.call_id == call_id)
        return bool(self.name == name)

    def respond(self, response: Any) -> None:
        """Read the program's response; of several the last one counts."""
        error = response.get("error") if isinstance(response, dict) else None
        if error:
            # The Live API's own word for it: there is no exception to see.
            message = scrub(plain(error)) if isinstance(error, str) and self._capture else None
            self._failure = Failure("tool_error", "tool_error", message)
        if self._capture:
            self._result = as_object(response)

    def cancel(self) -> None:
        """Take note that the model does not want it any more."""
        self._cancelled = True

    def inputs(self) -> Content:
        """Return the arguments, and what the tool is for."""
        return self._inputs

    def add(self, _message: Any) -> None:
        """Do nothing: no message belongs to it."""

    def answer(self, complete: bool) -> Answer:
        """Return how it came out."""
        details = {"tool_call_cancelled": True} if self._cancelled else {}
        return Answer(failure=self._failure, details=details)

    def content(self) -> Content:
        """Return what the program responded."""
        return {} if self._result is None else {"tool_result": self._result}
