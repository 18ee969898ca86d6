"""A fake Gemini for google-generativeai, and telemetry that is held against the conventions."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import pytest

from conformance import assert_conformant
from interactions.watching import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from legacy.fake import Fake


pytest.register_assert_rewrite("differential.exported", "legacy.comparing")


class _Absent(pytest.Module):
    """A module of tests that cannot be imported here."""

    def collect(self) -> Any:
        pytest.skip("google-generativeai is not installed: make legacy", allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Any, parent: Any) -> Any:
    """Skip every module of this folder where its SDK is missing."""
    try:
        version("google-generativeai")
    except PackageNotFoundError:
        return _Absent.from_parent(parent, path=module_path)
    return None


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fake]:
    """One server for all tests of the session, whose certificate this process trusts."""
    from legacy.fake import Fake, make_certificate  # noqa: PLC0415

    certificate = make_certificate(tmp_path_factory.mktemp("tls"))
    with pytest.MonkeyPatch.context() as patch:
        # gRPC reads it with the first channel, and then never again.
        patch.setenv("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", str(certificate.authority))
        patch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
        with Fake(certificate) as fake:
            yield fake


@pytest.fixture
def fake(served: Fake) -> Iterator[Fake]:
    """The server with nothing to answer and nothing seen."""
    served.clear()
    yield served
    assert served.answers == []


@pytest.fixture
def telemetry() -> Iterator[Watched]:
    """The plugin at work with content everywhere; whatever it emits has to conform."""
    telemetry = Watched()
    with telemetry.attached(capture_message_content="SPAN_AND_EVENT"):
        yield telemetry
    assert telemetry.open == []
    assert_conformant(spans=telemetry.ended, metrics=telemetry.metrics(), logs=telemetry.logs())
