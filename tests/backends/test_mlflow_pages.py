"""What people see of Gemini calls on the pages of a real MLflow server."""

from __future__ import annotations

import importlib.util
import io

import pytest
from google.genai import errors, types
from PIL import Image

from autolog.programs import run
from backends.browsing import CHROMIUM, DRIVER, browsing
from backends.mlflow_server import PYTHON, needs_mlflow, serving
from backends.mlflow_traces import experiment_id
from fake_gemini import FakeGemini, client
from opentelemetry_instrumentation_gemini import annotate, autolog, flush, last_trace_id

MODEL = "gemini-2.5-flash"
EXPERIMENT = "pages"
# US dollars for a million tokens, as genai-prices listed them in November 2026.
PRICES = {"input": 0.30, "output": 2.50, "embedding": 0.15}
EMBEDDED = 4
REVIEW = """
import mlflow

mlflow.log_feedback(trace_id={trace_id!r}, name="helpful", value=True, rationale="Short and right")
mlflow.set_trace_tag({trace_id!r}, "reviewed", "twice")
"""
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
    """A browser on a server that has the traces of all calls, their ids, and their tokens."""
    with serving(tmp_path_factory.mktemp("mlflow")) as server:
        autolog(tracking_uri=server.url, experiment=EXPERIMENT)
        try:
            with FakeGemini() as fake, client(fake) as genai:
                ids = _calls(genai)
                usage = fake.free.reported_usage
            flush()
        finally:
            autolog(disable=True)
        program = REVIEW.format(trace_id=ids["text"])
        done = run(program, "", python=PYTHON, MLFLOW_TRACKING_URI=server.url)
        assert done.returncode == 0, done.stderr
        with browsing(server.url, experiment_id(server, EXPERIMENT)) as browser:
            yield browser, ids, usage


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
    browser, ids, _usage = seen
    text = browser.trace(name, ids[name], ["Success", "Inputs", "tokens", "$0.000", *expected])
    assert "model\ngemini-" in text


def test_image(seen):
    """An image in the prompt is drawn."""
    browser, ids, _usage = seen
    browser.trace("image", ids["image"], ["What colour is this?"])
    assert [64, 48] in browser.image_sizes()


def test_reasoning(seen):
    """The thoughts unfold on a click."""
    browser, ids, _usage = seen
    before = browser.trace("reasoning", ids["reasoning"], ["Reasoning"])
    assert "I will answer briefly" not in before
    browser.click("Reasoning", ["I will answer briefly"])


def test_tools(seen):
    """A tool loop is a tree of rounds and tools, with the tools that were offered."""
    browser, ids, _usage = seen
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
    browser, ids, _usage = seen
    browser.trace(
        "error",
        ids["error"],
        ["Error", "google.genai.errors.ServerError", "503 UNAVAILABLE", "The model is overloaded"],
    )


def test_list_of_traces(seen):
    """The list shows prompts and answers as text, and the state of each call."""
    browser, _ids, _usage = seen
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
    browser, _ids, _usage = seen
    browser.list_of("chat-sessions", ["View Sessions in Traces tab"])
    browser.click("View Sessions in Traces tab →", ["support-4711\nHello\nYou are welcome."])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text", ["System\nAnswer briefly.", "User\nWhat is the cap", "Assistant\nThe capital"]),
        ("image", ["User\nWhat colour is this?", "Assistant\nHere is a short answer"]),
        ("reasoning", ["User\nWhy is the sky blue?", f"Assistant\nReasoning\n{SKY}"]),
        ("stream", ["User\nWrite a haiku", "Assistant\nSpans drift down the stream"]),
        ("tools", ["Tools\nget_weather", "User\nWhat is the weather", "Assistant\nAccording to"]),
        ("session", ["User\nHello", "Assistant\nHello! How can I", "User\nThank you", "You are w"]),
    ],
)
def test_chat_tab(name, expected, seen):
    """A notebook's Chat tab has the whole conversation, with its model, tokens and cost."""
    browser, ids, _usage = seen
    text = browser.in_notebook(name, ids[name], ["Chat\n", "Token count", "Cost\n$0.0", *expected])
    assert "Model\ngemini-2.5-flash" in text


def test_chat_tab_of_an_error(seen):
    """What failed has a Chat tab as well, with the prompt."""
    browser, ids, _usage = seen
    browser.in_notebook("error", ids["error"], ["Status\nError", "The model is overloaded"])
    browser.turn_to("Chat", ["Messages\nUser\nsimulate 503"])


def test_offered_tools(seen):
    """The panel of tools says what each is for."""
    browser, ids, _usage = seen
    browser.in_notebook("tools", ids["tools"], ["Tools\nget_weather"])
    browser.click("get_weather", ["The weather of a city."])


def test_dashboard(seen):
    """The dashboard's tokens are Gemini's, and its cost is their price."""
    browser, _ids, usage = seen
    tokens_in = usage["promptTokenCount"]
    tokens_out = usage["candidatesTokenCount"] + usage["thoughtsTokenCount"]
    prompts = (tokens_in - EMBEDDED) * PRICES["input"] + tokens_out * PRICES["output"]
    cost = (prompts + EMBEDDED * PRICES["embedding"]) / 1_000_000
    total = f"{tokens_in + tokens_out} ({tokens_in} input, {tokens_out} output)"
    browser.dashboard(
        "usage",
        [f"Token Usage\n{total}", f"Cost Breakdown\n${cost:.6f} Total Cost", "Traces\n9\n"],
    )


def test_dashboard_of_tools(seen):
    """The dashboard of tool calls has the tool, and that it succeeded."""
    browser, _ids, _usage = seen
    summary = [
        "1\nTotal Tool Calls",
        "100.00%\nSuccess Rate",
        "execute_tool get_weather\n1\n100.00%",
    ]
    browser.dashboard("tool-calls", summary)


def test_tags_and_assessments(seen):
    """A trace has its tags, and takes feedback by the id that this package tells."""
    browser, ids, _usage = seen
    browser.trace("reviewed", ids["text"], ["3 tags", "Assess\n1"])
    browser.hover("3 tags", ["service.name", "reviewed\ntwice"])
    browser.keep("tags")
    browser.click("Assess", ["Assessments\nFeedback (1)", "helpful\nTrue"])
    browser.keep("assessments")
