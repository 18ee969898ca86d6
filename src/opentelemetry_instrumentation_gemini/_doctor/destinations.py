"""Where each signal goes, by the environment and as OpenTelemetry reads it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from opentelemetry.util.re import parse_env_headers

from opentelemetry_instrumentation_gemini._reading.errors import scrub

from .versions import installed

SIGNALS = ("traces", "metrics", "logs")
GRPC = "grpc"
HTTP = "http/protobuf"

_BY_NAME = {"otlp_proto_grpc": GRPC, "otlp_proto_http": HTTP}
_DEFAULTS = {GRPC: "http://localhost:4317", HTTP: "http://localhost:4318"}


class Destination(NamedTuple):
    """Where one exporter sends one signal.

    Attributes:
        signal: traces, metrics or logs.
        exporter: The exporter as the environment names it.
        protocol: How OTLP is spoken; `None` where the exporter is another one.
        url: Where OTLP goes, with the path that HTTP needs.
        variable: The variable that says so.
        headers: What OTLP requests carry.
        certificate: The file of trusted certificates, where the connection is encrypted.
        insecure: Whether it goes without TLS.
    """

    signal: str
    exporter: str
    protocol: str | None = None
    url: str = ""
    variable: str = ""
    headers: Mapping[str, str] = {}
    certificate: str | None = None
    insecure: bool = False

    @property
    def shown(self) -> str:
        """Where OTLP goes, without what the address may hold of a password."""
        return scrub(self.url)

    @property
    def lacks_scheme(self) -> bool:
        """Whether HTTP is not told how to get there; gRPC need not be."""
        return self.protocol == HTTP and not self.url.lower().startswith(("http://", "https://"))

    @property
    def is_readable(self) -> bool:
        """Whether that is an address at all."""
        try:
            port = urlsplit(self.url if "://" in self.url else f"//{self.url}").port
        except ValueError:
            # Half an IPv6 address, or no such port.
            return False
        return port != 0


def configured_by_file(environ: Mapping[str, str]) -> bool:
    """Return whether a configuration file says where signals go, and no other variable counts."""
    reader = installed("opentelemetry-configuration")
    return bool(environ.get("OTEL_CONFIG_FILE")) and reader is not None


def destinations(environ: Mapping[str, str]) -> Iterator[Destination]:
    """Yield where each signal goes; `otlp` is what opentelemetry-instrument takes by default."""
    if configured_by_file(environ):
        return
    for signal in SIGNALS:
        named = environ.get(f"OTEL_{signal.upper()}_EXPORTER") or "otlp"
        for exporter in dict.fromkeys(name.strip() for name in named.split(",")):
            yield _destination(signal, exporter, environ)


def _destination(signal: str, exporter: str, environ: Mapping[str, str]) -> Destination:
    if exporter != "otlp" and exporter not in _BY_NAME:
        return Destination(signal, exporter)
    said = _said(signal, "PROTOCOL", environ)[1]
    protocol = _BY_NAME.get(exporter) or (said or GRPC).strip()
    if protocol not in _DEFAULTS:
        return Destination(signal, exporter, protocol)
    variable, url = _said(signal, "ENDPOINT", environ)
    whole = f"_{signal.upper()}_" in variable
    url = (url or _DEFAULTS[protocol]).strip()
    if protocol == HTTP and not whole:
        url = f"{url.rstrip('/')}/v1/{signal}"
    insecure = _said(signal, "INSECURE", environ)[1]
    scheme = url.partition("://")[0].lower()
    open_to_all = (
        scheme == "http"
        if insecure is None or protocol == HTTP
        else insecure.lower() == "true" and scheme != "https"
    )
    return Destination(
        signal,
        exporter,
        protocol,
        url,
        variable,
        parse_env_headers(_said(signal, "HEADERS", environ)[1] or "", liberal=True),
        None if open_to_all else _said(signal, "CERTIFICATE", environ)[1],
        open_to_all,
    )


def _said(signal: str, what: str, environ: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the variable that counts, and its value."""
    own, shared = f"OTEL_EXPORTER_OTLP_{signal.upper()}_{what}", f"OTEL_EXPORTER_OTLP_{what}"
    return (own, environ[own]) if environ.get(own) else (shared, environ.get(shared) or None)
