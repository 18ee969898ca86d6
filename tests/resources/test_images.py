"""Images that a model draws: what was asked, what came, and what was held back."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini.scenarios.media import PNG
from interactions.watching import INPUT, OUTPUT, parts_of
from resources import images
from resources.calling import SECRET, WAYS, Case, call, client_of, play, shown
from resources.images import DRAWN, GENERATE, HELD_BACK, PROMPT_RATED, STORED, drawn

if TYPE_CHECKING:
    from fake_gemini import FakeGemini
    from interactions.watching import Watched

COUNT = "gcp.gen_ai.response.image.count"
REASONS = "gen_ai.response.finish_reasons"
FILTERED = "gcp.gen_ai.response.image.filter_reasons"
GIVEN = {
    "models.generate_images": ["text"],
    "models.edit_image": ["text", "blob"],
    "models.upscale_image": ["blob"],
    "models.recontext_image": ["text", "blob", "blob"],
    "models.segment_image": ["text", "blob"],
}
"""Method → the parts of what is given to it."""


def _ask(case: Case, fake: FakeGemini, *steps: Any, asynchronous: bool = False) -> Any:
    handle = play(fake, *(steps or case.steps))
    return call(client_of(case, handle), asynchronous, case.method, **case.asked)


@WAYS
@pytest.mark.parametrize("case", shown(images.CASES))
def test_what_is_given_and_drawn_is_content(
    case: Case, asynchronous: bool, fake: FakeGemini, telemetry: Watched
):
    """With permission the prompt, the images given and those drawn stand in messages."""
    with telemetry.attached(capture_message_content="SPAN_AND_EVENT"):
        _ask(case, fake, asynchronous=asynchronous)
    span = telemetry.the_span()
    given = parts_of(span, INPUT)
    assert [part["type"] for part in given] == GIVEN[case.method]
    assert [SECRET in part["content"] for part in given if part["type"] == "text"] == (
        [True] * GIVEN[case.method].count("text")
    )
    stored = case is images.RECONTEXT
    first = parts_of(span, OUTPUT)[0]
    assert first["type"] == ("uri" if stored else "blob")
    assert (first["modality"], first["mime_type"]) == ("image", "image/png")
    assert first["uri" if stored else "content"] == (STORED["gcsUri"] if stored else PNG)
    assert "gen_ai.client.inference.operation.details" in telemetry.events
    assert telemetry.counts() == {"gen_ai.client.inference.duration": 1}


@pytest.mark.parametrize(
    "settings",
    [
        {"capture_message_content": "NO_CONTENT"},
        {"capture_message_content": "SPAN_ONLY", "max_media_bytes": 0},
    ],
    ids=["no-permission", "no-media"],
)
@pytest.mark.parametrize("case", shown(images.CASES))
def test_no_byte_of_an_image_leaves_unasked(
    case: Case, settings: Any, fake: FakeGemini, telemetry: Watched
):
    """Without permission there is no image, and where media are unwanted only its size."""
    with telemetry.attached(**settings):
        _ask(case, fake)
    (span,) = telemetry.ended
    said = json.dumps(dict(span.attributes))
    assert PNG not in said
    assert base64.urlsafe_b64encode(base64.b64decode(PNG)).decode() not in said
    assert (SECRET in said) is ("max_media_bytes" in settings and case is not images.UPSCALE)


@pytest.mark.parametrize(
    ("predictions", "count", "reasons", "filtered"),
    [
        pytest.param((HELD_BACK,), 0, ("content_filter",), 1, id="all"),
        pytest.param((STORED, HELD_BACK), 1, ("stop", "content_filter"), 1, id="some"),
        pytest.param((DRAWN, PROMPT_RATED), 1, ("stop",), 0, id="rating"),
        pytest.param((), 0, None, 0, id="nothing"),
    ],
)
def test_what_was_held_back_is_told(
    predictions: Any, count: int, reasons: Any, filtered: int, fake: FakeGemini, telemetry: Watched
):
    """An image that was filtered is no image, and its reason is told; a rating is neither."""
    with telemetry.attached():
        _ask(GENERATE, fake, drawn(*predictions))
    attributes = telemetry.the_span().attributes
    assert attributes[COUNT] == count
    assert attributes.get(REASONS) == reasons
    assert len(attributes.get(FILTERED, ())) == filtered
    messages = json.loads(attributes.get(OUTPUT, "[]"))
    assert tuple(message["finish_reason"] for message in messages) == (reasons or ())


def test_images_that_can_be_given_only_once_reach_the_service(fake: FakeGemini, telemetry: Watched):
    """An iterator of images is the SDK's to read: what it has never seen would not be sent."""
    products = ({"product_image": one} for one in [images.image()])
    with telemetry.attached():
        handle = play(fake, drawn(DRAWN))
        source = {"prompt": "Worn", "product_images": products}
        genai = client_of(images.RECONTEXT, handle)
        genai.models.recontext_image(model="try", source=source)
    (sent,) = json.loads(handle.requests[0].body)["instances"]
    assert [one["image"]["bytesBase64Encoded"] for one in sent["productImages"]] == [PNG]
    assert [part["type"] for part in parts_of(telemetry.the_span(), INPUT)] == ["text"]


def test_a_scribble_in_a_dict_is_an_image(fake: FakeGemini, telemetry: Watched):
    """An image within an image's dict is read as within an object of the SDK's."""
    scribble = {"imageBytes": PNG, "mimeType": "image/png"}
    with telemetry.attached():
        source = {"image": images.image(), "scribbleImage": {"image": scribble}}
        handle = play(fake, drawn(DRAWN))
        call(
            client_of(images.SEGMENT, handle),
            asynchronous=False,
            method="models.segment_image",
            model="cut",
            source=source,
        )
    given = parts_of(telemetry.the_span(), INPUT)
    assert [part["content"] for part in given] == [PNG, PNG]
