"""What a project keeps at the service: caches, files, stores, models, tokens."""

from __future__ import annotations

import io
from typing import Any

from google.genai import types
from google.oauth2.credentials import Credentials

from fake_gemini.script import Reply, Step
from fake_gemini.wire import answer
from resources.calling import SECRET, Case
from resources.jobs import BATCH, IMPORT, NAME, PLACE, STATE, TUNING

RESOURCE, SIZE = "gcp.gen_ai.resource.name", "gcp.gen_ai.resource.size"
CACHE, FILE, STORE = "cachedContents/cache-1", "files/file-1", "fileSearchStores/cellar"
DOCUMENT = f"{STORE}/documents/document-1"
MODEL = "models/gemini-2.5-flash"
CACHED = answer(
    {"name": CACHE, "model": MODEL, "displayName": SECRET, "usageMetadata": {"totalTokenCount": 11}}
)
TEXT = f"{SECRET} grows in California.".encode()
UPLOADED = {
    "name": FILE,
    "displayName": SECRET,
    "mimeType": "text/plain",
    "sizeBytes": str(len(TEXT)),
    "uri": "https://example.org/files/file-1",
    "state": "ACTIVE",
}
EMPTY = answer({})
NAMELESS = {RESOURCE: None}


def headed(reply: Any, **headers: str) -> Step:
    """Returns an answer with these headers."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Step(unary=Reply(body=reply, headers=named), stream=Reply())


def upload_to(path: str, end: Any) -> tuple[Step, Step]:
    """Returns the two answers of a resumable upload: where to send the bytes, and their end."""
    session = f"{{here}}/upload/v1/{path}?upload_id=1&upload_protocol=resumable"
    begun = headed({}, x_goog_upload_url=session, x_goog_upload_status="active")
    return begun, headed(end, x_goog_upload_status="final")


def of_bytes(data: bytes) -> Step:
    """Returns an answer that is no JSON."""
    return Step(unary=Reply(raw=data, content_type="application/octet-stream"), stream=Reply())


def text_file() -> io.BytesIO:
    """Returns a file to upload."""
    return io.BytesIO(TEXT)


CACHES = (
    Case(
        "caches.create",
        {
            "model": "gemini-2.5-flash",
            "config": types.CreateCachedContentConfig(
                contents=[f"All about {SECRET}"], system_instruction=SECRET, ttl="300s"
            ),
        },
        (CACHED,),
        "create_cache gemini-2.5-flash",
        {RESOURCE: CACHE, "gcp.gen_ai.cache.total_tokens": 11},
    ),
    Case(
        "caches.create",
        {"model": "gemini-2.5-flash", "config": {"contents": SECRET}},
        (answer({"name": f"{PLACE}/{CACHE}"}),),
        "create_cache gemini-2.5-flash",
        {RESOURCE: f"{PLACE}/{CACHE}"},
        vertex=True,
    ),
    Case(
        "caches.update",
        {"name": CACHE, "config": {"ttl": "600s"}},
        (CACHED,),
        "update_cache",
        {RESOURCE: CACHE},
    ),
    Case("caches.delete", {"name": CACHE}, (EMPTY,), "delete_cache", {RESOURCE: CACHE}),
    Case("caches.get", {"name": CACHE}, (CACHED,), "get_cache", {RESOURCE: CACHE}, reads=True),
    Case(
        "caches.list", {}, (answer({"cachedContents": [{}]}),), "list_caches", NAMELESS, reads=True
    ),
)
FILES = (
    Case(
        "files.upload",
        {"file": text_file(), "config": {"mime_type": "text/plain", "display_name": SECRET}},
        upload_to("files", {"file": UPLOADED}),
        "upload_file",
        {
            RESOURCE: FILE,
            SIZE: len(TEXT),
            "gcp.gen_ai.resource.mime_type": "text/plain",
            "gcp.gen_ai.resource.state": "ACTIVE",
        },
    ),
    Case(
        "files.register_files",
        {"auth": Credentials(token=SECRET), "uris": ["gs://bucket/file"]},  # type: ignore[no-untyped-call]
        (answer({"files": [UPLOADED]}),),
        "register_files",
        {RESOURCE: None},
        since=(1, 62),
    ),
    Case("files.delete", {"name": FILE}, (EMPTY,), "delete_file", {RESOURCE: FILE}),
    Case(
        "files.get", {"name": FILE}, (answer(UPLOADED),), "get_file", {SIZE: len(TEXT)}, reads=True
    ),
    Case("files.list", {}, (answer({"files": [UPLOADED]}),), "list_files", NAMELESS, reads=True),
    Case("files.download", {"file": FILE}, (of_bytes(TEXT),), "download_file", {RESOURCE: FILE}),
)
STORES = (
    Case(
        "file_search_stores.create",
        {"config": {"display_name": SECRET}},
        (answer({"name": STORE, "displayName": SECRET, "sizeBytes": "0"}),),
        "create_file_search_store",
        {RESOURCE: STORE},
        since=(1, 51),
    ),
    Case(
        "file_search_stores.import_file",
        {"file_search_store_name": STORE, "file_name": FILE},
        (answer({"name": IMPORT}),),
        "import_file",
        {RESOURCE: STORE, NAME: IMPORT, STATE: "running"},
        since=(1, 51),
    ),
    Case(
        "file_search_stores.upload_to_file_search_store",
        {
            "file_search_store_name": STORE,
            "file": text_file(),
            "config": {"mime_type": "text/plain", "display_name": SECRET},
        },
        upload_to(STORE + ":uploadToFileSearchStore", {"name": IMPORT, "done": True}),
        "upload_to_file_search_store",
        {RESOURCE: STORE, NAME: IMPORT, STATE: "succeeded"},
        since=(1, 51),
    ),
    Case(
        "file_search_stores.delete",
        {"name": STORE, "config": {"force": True}},
        (EMPTY,),
        "delete_file_search_store",
        {RESOURCE: STORE},
        since=(1, 51),
    ),
    Case(
        "file_search_stores.get",
        {"name": STORE},
        (answer({"name": STORE}),),
        "get_file_search_store",
        {RESOURCE: STORE},
        reads=True,
        since=(1, 51),
    ),
    Case(
        "file_search_stores.list",
        {},
        (answer({"fileSearchStores": [{"name": STORE}]}),),
        "list_file_search_stores",
        NAMELESS,
        reads=True,
        since=(1, 51),
    ),
    Case(
        "file_search_stores.download_media",
        {"media_id": f"{STORE}/media/blob-1"},
        (of_bytes(TEXT),),
        "download_media",
        {RESOURCE: f"{STORE}/media/blob-1"},
        since=(3, 0),
    ),
    Case(
        "file_search_stores.documents.delete",
        {"name": DOCUMENT},
        (EMPTY,),
        "delete_document",
        {RESOURCE: DOCUMENT},
        since=(1, 51),
    ),
    Case(
        "file_search_stores.documents.get",
        {"name": DOCUMENT},
        (answer({"name": DOCUMENT, "displayName": SECRET, "state": "STATE_ACTIVE"}),),
        "get_document",
        {RESOURCE: DOCUMENT, "gcp.gen_ai.resource.state": "STATE_ACTIVE"},
        reads=True,
        since=(1, 51),
    ),
    Case(
        "file_search_stores.documents.list",
        {"parent": STORE},
        (answer({"documents": [{"name": DOCUMENT}]}),),
        "list_documents",
        {RESOURCE: STORE},
        reads=True,
        since=(1, 51),
    ),
)
OTHERS = (
    Case(
        "auth_tokens.create",
        {"config": {"uses": 1}},
        (answer({"name": f"auth_tokens/{SECRET}"}),),
        "create_auth_token",
        {RESOURCE: None},
        version="v1alpha",
    ),
    Case(
        "models.get",
        {"model": "gemini-2.5-flash"},
        (answer({"name": MODEL, "displayName": "Gemini"}),),
        "get_model gemini-2.5-flash",
        {RESOURCE: MODEL},
        reads=True,
    ),
    Case(
        "models.list",
        {},
        (answer({"models": [{"name": MODEL}]}),),
        "list_models",
        NAMELESS,
        reads=True,
    ),
    Case(
        "models.update",
        {"model": "tunedModels/mine", "config": {"display_name": SECRET}},
        (answer({"name": "tunedModels/mine", "displayName": SECRET}),),
        "update_model tunedModels/mine",
        {RESOURCE: "tunedModels/mine"},
    ),
    Case(
        "models.delete",
        {"model": "tunedModels/mine"},
        (EMPTY,),
        "delete_model tunedModels/mine",
        {RESOURCE: "tunedModels/mine"},
    ),
    Case(
        "models.delete",
        {"model": f"{PLACE}/models/9"},
        (EMPTY,),
        f"delete_model {PLACE}/models/9",
        {RESOURCE: f"{PLACE}/models/9"},
        vertex=True,
    ),
    Case("batches.cancel", {"name": BATCH}, (EMPTY,), "cancel_batch", {RESOURCE: BATCH}),
    Case("batches.delete", {"name": BATCH}, (EMPTY,), "delete_batch", {RESOURCE: BATCH}),
    Case(
        "batches.list",
        {},
        (answer({"operations": [{"name": BATCH}]}),),
        "list_batches",
        NAMELESS,
        reads=True,
    ),
    Case(
        "tunings.cancel",
        {"name": TUNING},
        (EMPTY,),
        "cancel_tuning",
        {RESOURCE: TUNING},
        vertex=True,
    ),
    Case(
        "tunings.list", {}, (answer({"tuningJobs": []}),), "list_tunings", vertex=True, reads=True
    ),
    Case(
        "tunings.validate_reward",
        {
            "parent": PLACE,
            "sample_response": {"parts": [{"text": SECRET}]},
            "example": {"contents": [{"role": "user", "parts": [{"text": SECRET}]}]},
        },
        (answer({"overallReward": 1.0}),),
        "validate_reward",
        {RESOURCE: None},
        vertex=True,
        since=(3, 0),
    ),
)
CASES = (*CACHES, *FILES, *STORES, *OTHERS)
