"""What people see of Gemini calls on the pages of a real MLflow server."""

from __future__ import annotations

import importlib.util
import io

import pytest
from google.genai import errors, types
from PIL import Image

from backends.browsing import CHROMIUM, DRIVER, browsing
from backends.mlflow_server import needs_mlflow, serving
from fake_gemini import FakeGemini, client
from opentelemetry_instrumentation_gemini import annotate, autolog, flush, last_trace_id

from mlflow_demo import readback  # isort: skip

MODEL = "gemini-2.5-flash"
EXPERIMENT = "pages"
SKY = "The sky looks blue because air molecules scatter"

pytestmark = [
    pytest.mark.slow,
    needs_mlflow,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER and importlib.util.find_spec("selenium")),
        reason="no browser: install chromium and chromium-driver (Debian), then make test-backends",
    ),
]


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"sunny in {city}"


def _picture():
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(file, "PNG")
    return types.Part.from_bytes(data=file.getvalue(), mime_type="image/png")


def _talk(genai):
    with annotate(conversation_id="support-4711", user_id="u-12"):
        chat = genai.chats.create(model=MODEL)
        chat.send_message("Hello")
        chat.send_message("Thank you")


CALLS = {
    "text": lambda genai: genai.models.generate_content(
        model=MODEL,
        contents="What is the capital of France?",
        config={"system_instruction": "Answer briefly."},
    ),
    "image": lambda genai: genai.models.generate_content(
        model=MODEL, contents=["What colour is this?", _picture()]
    ),
    "tools": lambda genai: genai.models.generate_content(
        model=MODEL, contents="What is the weather in Paris?", config={"tools": [get_weather]}
    ),
    "reasoning": lambda genai: genai.models.generate_content(
        model=MODEL,
        contents="Why is the sky blue?",
        config={"thinking_config": {"include_thoughts": True}},
    ),
    "stream": lambda genai: list(
        genai.models.generate_content_stream(model=MODEL, contents="Write a haiku")
    ),
    "error": lambda genai: genai.models.generate_content(model=MODEL, contents="simulate 503"),
    "embedding": lambda genai: genai.models.embed_content(
        model="gemini-embedding-001", contents="Spans and traces"
    ),
    "session": _talk,
}


def _calls(genai):
    """Make every call; the id of each one's trace."""
    ids = {}
    for name, call in CALLS.items():
        if name == "error":
            with pytest.raises(errors.ServerError):
                call(genai)
        else:
            call(genai)
        ids[name] = last_trace_id()
    return ids


@pytest.fixture(scope="module", name="seen")
def _seen(tmp_path_factory):
    """A browser on a server that has the traces of all calls, and their ids."""
    with serving(tmp_path_factory.mktemp("mlflow")) as server:
        autolog(tracking_uri=server.url, experiment=EXPERIMENT)
        try:
            with FakeGemini() as fake, client(fake) as genai:
                ids = _calls(genai)
            flush()
        finally:
            autolog(disable=True)
        found = readback.call(
            f"{server.url}/api/2.0/mlflow/experiments/get-by-name?experiment_name={EXPERIMENT}"
        )
        with browsing(server.url, found["experiment"]["experiment_id"]) as browser:
            yield browser, ids


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "text",
            ["System\nAnswer briefly.", "User\nWhat is the capital", "Assistant\nThe capital of"],
        ),
        ("image", ["User\nWhat colour is this?", "Assistant\nHere is a short answer"]),
        ("reasoning", ["User\nWhy is the sky blue?", "Assistant\nReasoning", SKY]),
        ("stream", ["User\nWrite a haiku", "Assistant\nSpans drift down the stream"]),
        ("embedding", ["embeddings gemini-embedding-001", "User\nSpans and traces", "4 tokens"]),
        (
            "session",
            ["support-4711", "Assistant\nHello! How can I help", "User\nThank you", "You are wel"],
        ),
    ],
)
def test_conversation(name, expected, seen):
    """A call reads as a conversation of bubbles, with its model, tokens and cost."""
    browser, ids = seen
    text = browser.trace(name, ids[name], ["Success", "Inputs", "tokens", "$0.000", *expected])
    assert "model\ngemini-" in text


def test_image(seen):
    """An image in the prompt is drawn."""
    browser, ids = seen
    browser.trace("image", ids["image"], ["What colour is this?"])
    assert [64, 48] in browser.image_sizes()


def test_reasoning(seen):
    """The thoughts unfold on a click."""
    browser, ids = seen
    before = browser.trace("reasoning", ids["reasoning"], ["Reasoning"])
    assert "I will answer briefly" not in before
    browser.click("Reasoning", ["I will answer briefly"])


def test_tools(seen):
    """A tool loop is a tree of rounds and tools, with the tools that were offered."""
    browser, ids = seen
    text = browser.trace(
        "tools", ids["tools"], ["execute_tool get_weather", "Tools\n(1)", "Assistant\nAccording to"]
    )
    tree = text.partition("Inputs / Outputs")[0]
    assert tree.count("generate_content gemini-2.5-flash") == 2
    assert "sunny in Paris" in text
    shown = browser.click("execute_tool get_weather", ["city", "sunny in Paris"])
    assert "city" in shown


def test_error(seen):
    """An error reads as the server's own words."""
    browser, ids = seen
    browser.trace(
        "error",
        ids["error"],
        ["Error", "google.genai.errors.ServerError", "503 UNAVAILABLE", "The model is overloaded"],
    )


def test_list_of_traces(seen):
    """The list shows prompts and answers as text, and the state of each call."""
    browser, _ids = seen
    browser.list_of(
        "traces",
        [
            "What is the capital of France?\nThe capital of France is Paris.",
            "Write a haiku\nSpans drift down the stream",
            "simulate 503",
            "support-4711",
            "Error",
        ],
    )


def test_list_of_sessions(seen):
    """The turns of one conversation are one session."""
    browser, _ids = seen
    browser.list_of("chat-sessions", ["View Sessions in Traces tab"])
    browser.click("View Sessions in Traces tab →", ["support-4711\nHello\nYou are welcome."])
