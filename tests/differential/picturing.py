"""Images: drawn, edited, enlarged, put into another context, cut into segments."""

from __future__ import annotations

from typing import Any

from google.genai import types
from hypothesis import strategies as st

from differential import answers, leaves
from differential.contents import formed, made
from differential.leaves import Stranger
from differential.mixing import mixing
from differential.models import Recipe, model
from differential.recipes import Make
from differential.surface import Method, Surface, config, one, sequences
from fake_gemini.script import Json, Reply
from fake_gemini.wire import base64_text

_RATIOS = st.sampled_from((None, "1:1", "16:9"))
_OF: dict[str, Recipe] = {
    "aspect_ratio": _RATIOS,
    "image_size": st.sampled_from((None, "1K", "2K")),
    "output_mime_type": st.sampled_from(("image/png", "image/jpeg")),
    "output_gcs_uri": st.just("gs://bucket/out"),
}
"""What is told whatever the content is worth."""

images = formed(
    made(
        types.Image,
        image_bytes=st.none() | leaves.binaries,
        gcs_uri=st.none() | leaves.texts,
        mime_type=st.sampled_from((None, "image/png")),
    )
)
_odd_prompts = st.sampled_from((None, "", 7, Make(Stranger, leaves.MARK)))
prompts = st.one_of(*(leaves.texts,) * 6, _odd_prompts)
_references = st.one_of(
    st.lists(
        st.builds(
            lambda kind, number, image: Make(kind, reference_id=number, reference_image=image),
            st.sampled_from(
                (types.RawReferenceImage, types.MaskReferenceImage, types.StyleReferenceImage)
            ),
            st.sampled_from((1, 2)),
            made(types.Image, image_bytes=leaves.binaries, mime_type=st.just("image/png")),
        ),
        max_size=2,
    ),
    st.none(),
)
_SOURCE: dict[str, Recipe] = {"prompt": leaves.texts}
_models = st.sampled_from((*("imagen-4.0-generate-001",) * 6, "é", None))

# What is answered

REASON = "Filtered for reasons of safety. Code: 29310472"
_drawn = st.one_of(
    st.builds(
        lambda data, kind: {"bytesBase64Encoded": base64_text(data), "mimeType": kind},
        leaves.binaries,
        st.sampled_from(("image/png", "image/jpeg")),
    ),
    st.just({"gcsUri": f"gs://bucket/{leaves.MARK}.png", "mimeType": "image/png"}),
    st.just({"raiFilteredReason": REASON}),
    st.just({}),
)
_beside = st.sampled_from(
    (
        {},
        {"prompt": leaves.MARK},
        {"safetyAttributes": {"categories": ["Violence"], "scores": [0.1]}},
        {"contentType": "Positive Prompt"},
        {"labels": [{"label": leaves.MARK, "score": 0.9}]},
        {"raiFilteredReason": REASON},
    )
)


def _predicted(found: list[tuple[Json, Json]] | None) -> Any:
    body = {} if found is None else {"predictions": [{**one, **more} for one, more in found]}
    return answers.step_of(Reply(body=body))


_pictures = st.one_of(
    st.lists(st.tuples(_drawn, _beside), max_size=3),
    st.lists(st.tuples(_drawn, _beside)),
    st.none(),
).map(_predicted)
_garbled = st.sampled_from(
    (b"", b"[]", b'{"predictions": 3}', b'{"predictions": [7]}', b'{"predictions": [null]}')
).map(lambda raw: answers.step_of(Reply(raw=raw)))
faults = st.one_of(answers.refusals, answers.error_pages, answers.cut(), _garbled)
_answered = one(_pictures)


def _entries(name: str, kind: Any, vertex: Recipe, **asked: Recipe) -> dict[str, Surface]:
    path = f"models.{name}"
    method = Method(path, {"model": _models, **asked, "config": config(kind, **_OF)}, _answered)
    plays = sequences((method,), vertex, faults)
    return {
        path: Surface(plays, mixing(asynchronous=False)),
        f"aio.{path}": Surface(plays, mixing(asynchronous=True)),
    }


_mostly_vertex = st.sampled_from((True, True, True, False))

PICTURING: dict[str, Surface] = {
    **_entries("generate_images", types.GenerateImagesConfig, _mostly_vertex, prompt=prompts),
    **_entries(
        "edit_image",
        types.EditImageConfig,
        _mostly_vertex,
        prompt=prompts,
        reference_images=_references,
    ),
    **_entries(
        "upscale_image",
        types.UpscaleImageConfig,
        _mostly_vertex,
        image=images,
        upscale_factor=st.sampled_from(("x2", "x4", None)),
    ),
    **_entries(
        "recontext_image",
        types.RecontextImageConfig,
        _mostly_vertex,
        source=formed(model(types.RecontextImageSource, of=_SOURCE)),
    ),
    **_entries(
        "segment_image",
        types.SegmentImageConfig,
        _mostly_vertex,
        source=formed(model(types.SegmentImageSource, of=_SOURCE)),
    ),
}
