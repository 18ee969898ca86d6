"""Which recorded operation is which SDK call; a new operation is one row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any

from google import genai
from google.oauth2.credentials import Credentials
from opentelemetry import trace

from recorded import interactions, rebuild
from recorded.server import Lane, ReplayServer
from recorded.traffic import Exchange


@dataclass(frozen=True)
class Driver:
    """How one kind of recorded exchange is called, and what telemetry calls it.

    Attributes:
        suffix: What follows the colon of the path; empty for a path without one.
        operation: The operation's name on its span.
        method: Where the SDK's method stands on a client.
        arguments: From the recording to what is passed, the fullest first.
        accepts: Whether an exchange with this suffix is meant at all.
        stream: Whether the method gives chunks.
        api: Which of Google's APIs it belongs to, where another one has such an operation too.
    """

    suffix: str
    operation: str
    method: str
    arguments: Callable[[Exchange], Iterator[Any]]
    accepts: Callable[[Exchange], bool] = lambda _: True
    stream: bool = False
    api: str = "models"


def _embeds_text(exchange: Exchange) -> bool:
    """Tell text embeddings from Imagen: both are `:predict`."""
    return "embedding" in exchange.route.model


DRIVERS = (
    Driver(
        "generateContent", "generate_content", "models.generate_content", rebuild.generate_arguments
    ),
    Driver(
        "streamGenerateContent",
        "generate_content",
        "models.generate_content_stream",
        rebuild.generate_arguments,
        stream=True,
    ),
    Driver("embedContent", "embeddings", "models.embed_content", rebuild.embed_arguments),
    Driver("batchEmbedContents", "embeddings", "models.embed_content", rebuild.embed_arguments),
    Driver("predict", "embeddings", "models.embed_content", rebuild.embed_arguments, _embeds_text),
    Driver("countTokens", "count_tokens", "models.count_tokens", rebuild.count_arguments),
    *(
        Driver(
            "",
            operation,
            "interactions.create",
            interactions.create_arguments,
            partial(interactions.is_created, operation, stream),
            stream,
            "interactions",
        )
        for operation in ("generate_content", "invoke_agent")
        for stream in (False, True)
    ),
    Driver(
        "",
        "delete_interaction",
        "interactions.delete",
        interactions.delete_arguments,
        interactions.is_deleted,
        api="interactions",
    ),
)


def driver_for(exchange: Exchange) -> Driver | None:
    """Return the driver of *exchange*, or `None` for an operation without one."""
    for driver in DRIVERS:
        if driver.suffix == exchange.route.method and driver.accepts(exchange):
            return driver
    return None


class Clients:
    """Clients and their lanes, made once: an SDK client costs more than a hundred calls."""

    def __init__(self, server: ReplayServer) -> None:
        self._server = server
        self._clients: dict[Any, tuple[genai.Client, Lane]] = {}

    def client_for(self, exchange: Exchange) -> tuple[genai.Client, Lane]:
        """Return a client of the recorded kind, and the lane that it talks to."""
        route = exchange.route
        key = (exchange.api, route.version, route.project, route.location)
        if key not in self._clients:
            lane = self._server.open_lane()
            self._clients[key] = (_client(exchange, lane.url), lane)
        return self._clients[key]

    async def close(self) -> None:
        """Close every transport."""
        for client, _ in self._clients.values():
            # Older SDKs have neither.
            if hasattr(client, "close"):
                await client.aio.aclose()
                client.close()


def _client(exchange: Exchange, url: str) -> genai.Client:
    route = exchange.route
    options = {"base_url": url, "api_version": route.version}
    if exchange.api != "vertex":
        return genai.Client(vertexai=False, api_key="test-key", http_options=options)
    if route.project is None:
        return genai.Client(vertexai=True, api_key="test-key", http_options=options)
    return genai.Client(
        vertexai=True,
        project=route.project,
        location=route.location,
        credentials=Credentials(token="test-token"),
        http_options=options,
    )


@dataclass(frozen=True)
class Way:
    """One way to make a call: sync or async, and the form of its arguments."""

    name: str
    asynchronous: bool
    form: Callable[[Any], Any]


WAYS = (
    Way("sync-typed", asynchronous=False, form=rebuild.typed),
    Way("sync-camel-dicts", asynchronous=False, form=rebuild.camel_dicts),
    Way("async-typed", asynchronous=True, form=rebuild.typed),
    Way("async-snake-dicts", asynchronous=True, form=rebuild.snake_dicts),
)


@dataclass
class Given:
    """What the caller got from one call, up to its end or its exception."""

    answers: list[Any] = field(default_factory=list)
    exception: Exception | None = None
    left_current: trace.Span | None = None


def call_sync(client: genai.Client, driver: Driver, keywords: dict[str, Any]) -> Given:
    """Make one call as a synchronous program does."""
    given = Given()
    method = attrgetter(driver.method)(client)
    try:
        if driver.stream:
            for chunk in method(**keywords):
                given.answers.append(chunk)
        else:
            given.answers.append(method(**keywords))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        given.exception = error
    given.left_current = trace.get_current_span()
    return given


async def call_async(client: genai.Client, driver: Driver, keywords: dict[str, Any]) -> Given:
    """Make one call as an asynchronous program does."""
    given = Given()
    method = attrgetter(driver.method)(client.aio)
    try:
        if driver.stream:
            async for chunk in await method(**keywords):
                given.answers.append(chunk)
        else:
            given.answers.append(await method(**keywords))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        given.exception = error
    given.left_current = trace.get_current_span()
    return given
