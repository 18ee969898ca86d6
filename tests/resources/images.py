"""Imagen's methods, which are Vertex AI's, and its answers."""

from __future__ import annotations

import base64
from typing import Any

from google.genai import types

from fake_gemini.scenarios.media import PNG
from fake_gemini.wire import answer
from resources.calling import SECRET, Case

DRAWN = {"bytesBase64Encoded": PNG, "mimeType": "image/png"}
SIZE = len(base64.b64decode(PNG))
HELD_BACK = {"raiFilteredReason": "Filtered for reasons of safety. Code: 29310472"}
STORED = {"gcsUri": "gs://bucket/drawn.png", "mimeType": "image/png"}
PROMPT_RATED = {
    "contentType": "Positive Prompt",
    "safetyAttributes": {"categories": ["Violence"], "scores": [0.1]},
}


def image() -> types.Image:
    """Returns an image to start from."""
    return types.Image(image_bytes=base64.b64decode(PNG), mime_type="image/png")


def drawn(*predictions: dict[str, Any]) -> Any:
    """Returns an answer with these images."""
    return answer({"predictions": list(predictions)})


GENERATE = Case(
    "models.generate_images",
    {
        "model": "imagen-4.0-generate-001",
        "prompt": f"A glass of {SECRET}",
        "config": types.GenerateImagesConfig(
            number_of_images=2,
            aspect_ratio="16:9",
            image_size="2K",
            seed=7,
            add_watermark=False,
            include_rai_reason=True,
        ),
    },
    (drawn(DRAWN, HELD_BACK),),
    "generate_images imagen-4.0-generate-001",
    {
        "gen_ai.request.model": "imagen-4.0-generate-001",
        "gen_ai.request.choice.count": 2,
        "gen_ai.request.seed": 7,
        "gen_ai.output.type": "image",
        "gen_ai.response.finish_reasons": ("stop", "content_filter"),
        "gcp.gen_ai.request.image.count": 2,
        "gcp.gen_ai.request.image.aspect_ratio": "16:9",
        "gcp.gen_ai.request.image.size": "2K",
        "gcp.gen_ai.response.image.count": 1,
        "gcp.gen_ai.response.image.bytes": SIZE,
        "gcp.gen_ai.response.image.mime_types": ("image/png",),
        "gcp.gen_ai.response.image.filter_reasons": (HELD_BACK["raiFilteredReason"],),
        "mlflow.spanType": "LLM",
    },
    vertex=True,
)
EDIT = Case(
    "models.edit_image",
    {
        "model": "imagen-3.0-capability-001",
        "prompt": f"Add a glass of {SECRET}",
        "reference_images": [types.RawReferenceImage(reference_id=1, reference_image=image())],
        "config": {"edit_mode": "EDIT_MODE_INPAINT_INSERTION", "number_of_images": 1},
    },
    (drawn(DRAWN),),
    "edit_image imagen-3.0-capability-001",
    {
        "gen_ai.request.choice.count": None,
        "gen_ai.response.finish_reasons": ("stop",),
        "gcp.gen_ai.request.image.count": 1,
        "gcp.gen_ai.request.image.edit_mode": "EDIT_MODE_INPAINT_INSERTION",
        "gcp.gen_ai.response.image.count": 1,
    },
    vertex=True,
)
UPSCALE = Case(
    "models.upscale_image",
    {"model": "imagen-4.0-upscale-preview", "image": image(), "upscale_factor": "x2"},
    (drawn(DRAWN),),
    "upscale_image imagen-4.0-upscale-preview",
    {
        "gcp.gen_ai.request.image.upscale_factor": "x2",
        "gcp.gen_ai.response.image.count": 1,
        "gcp.gen_ai.response.image.bytes": SIZE,
    },
    vertex=True,
)
RECONTEXT = Case(
    "models.recontext_image",
    {
        "model": "virtual-try-on-001",
        "source": types.RecontextImageSource(
            prompt=f"Wearing {SECRET}",
            person_image=image(),
            product_images=[types.ProductImage(product_image=image())],
        ),
        "config": {"number_of_images": 1, "output_gcs_uri": "gs://bucket"},
    },
    (drawn(STORED),),
    "recontext_image virtual-try-on-001",
    {
        "gcp.gen_ai.response.image.count": 1,
        "gcp.gen_ai.response.image.bytes": 0,
        "gcp.gen_ai.response.image.mime_types": ("image/png",),
    },
    vertex=True,
)
SEGMENT = Case(
    "models.segment_image",
    {
        "model": "image-segmentation-001",
        "source": types.SegmentImageSource(prompt=SECRET, image=image()),
        "config": {"mode": "PROMPT"},
    },
    (drawn({**DRAWN, "labels": [{"label": "glass", "score": 0.9}]}),),
    "segment_image image-segmentation-001",
    {"gcp.gen_ai.request.image.edit_mode": "PROMPT", "gcp.gen_ai.response.image.count": 1},
    vertex=True,
)
CASES = (GENERATE, EDIT, UPSCALE, RECONTEXT, SEGMENT)
