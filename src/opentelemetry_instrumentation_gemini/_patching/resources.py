"""The hooked methods beyond text: media, long-running work, and what a project keeps."""

from .hook import Hook, both

_BATCHES = "google.genai.batches"
_CACHES = "google.genai.caches"
_DOCUMENTS = "google.genai.documents"
_FILES = "google.genai.files"
_MODELS = "google.genai.models"
_OPERATIONS = "google.genai.operations"
_STORES = "google.genai.file_search_stores"
_TOKENS = "google.genai.tokens"
_TUNINGS = "google.genai.tunings"

# What is public warns and names its caller's file, so what it calls is hooked.
_MEDIA = (
    *both(_MODELS, "Models", ("_generate_images", "generate_images"), "images:GENERATE", "1.0"),
    *both(_MODELS, "Models", ("_edit_image", "edit_image"), "images:EDIT", "1.0"),
    *both(_MODELS, "Models", ("_upscale_image", "upscale_image"), "images:UPSCALE", "1.0"),
    *both(_MODELS, "Models", "recontext_image", "images:RECONTEXT", "1.28"),
    *both(_MODELS, "Models", "segment_image", "images:SEGMENT", "1.31"),
)

_JOBS = (
    *both(
        _MODELS, "Models", ("_generate_videos", "generate_videos"), "jobs:GENERATE_VIDEOS", "1.5"
    ),
    *both(_OPERATIONS, "Operations", "get", "jobs:POLL_OPERATION", "1.5"),
    *both(_BATCHES, "Batches", "create", "jobs:CREATE_BATCH", "1.0"),
    *both(
        _BATCHES,
        "Batches",
        ("_create_embeddings", "create_embeddings"),
        "jobs:CREATE_EMBEDDINGS_BATCH",
        "1.36",
    ),
    *both(_BATCHES, "Batches", "get", "jobs:POLL_BATCH", "1.0"),
    *both(_TUNINGS, "Tunings", "tune", "jobs:TUNE", "1.0", decorated=True),
    *both(_TUNINGS, "Tunings", "get", "jobs:POLL_TUNING", "1.0"),
)

_MANAGED = (
    *both(_BATCHES, "Batches", "cancel", "management:CANCEL_BATCH", "1.0"),
    *both(_BATCHES, "Batches", "delete", "management:DELETE_BATCH", "1.0"),
    *both(_TUNINGS, "Tunings", "cancel", "management:CANCEL_TUNING", "1.32"),
    *both(_TUNINGS, "Tunings", "validate_reward", "management:VALIDATE_REWARD", "3.0"),
    *both(_CACHES, "Caches", "create", "management:CREATE_CACHE", "1.0"),
    *both(_CACHES, "Caches", "update", "management:UPDATE_CACHE", "1.0"),
    *both(_CACHES, "Caches", "delete", "management:DELETE_CACHE", "1.0"),
    *both(_FILES, "Files", "upload", "management:UPLOAD_FILE", "1.0"),
    *both(_FILES, "Files", "register_files", "management:REGISTER_FILES", "1.62"),
    *both(_FILES, "Files", "delete", "management:DELETE_FILE", "1.0"),
    *both(_FILES, "Files", "download", "management:DOWNLOAD_FILE", "1.0"),
    *both(_STORES, "FileSearchStores", "create", "management:CREATE_STORE", "1.51"),
    *both(_STORES, "FileSearchStores", "delete", "management:DELETE_STORE", "1.51"),
    *both(_STORES, "FileSearchStores", "import_file", "management:IMPORT_FILE", "1.51"),
    *both(
        _STORES,
        "FileSearchStores",
        "upload_to_file_search_store",
        "management:UPLOAD_TO_STORE",
        "1.51",
    ),
    *both(_STORES, "FileSearchStores", "download_media", "management:DOWNLOAD_MEDIA", "3.0"),
    *both(_DOCUMENTS, "Documents", "delete", "management:DELETE_DOCUMENT", "1.51"),
    *both(_TOKENS, "Tokens", "create", "management:CREATE_AUTH_TOKEN", "1.25", decorated=True),
    *both(_MODELS, "Models", "update", "management:UPDATE_MODEL", "1.0"),
    *both(_MODELS, "Models", "delete", "management:DELETE_MODEL", "1.0"),
)

_READS = (
    *both(_MODELS, "Models", "get", "management:GET_MODEL", "1.0", reads=True),
    *both(_MODELS, "Models", "list", "management:LIST_MODELS", "1.0", reads=True),
    *both(_CACHES, "Caches", "get", "management:GET_CACHE", "1.0", reads=True),
    *both(_CACHES, "Caches", "list", "management:LIST_CACHES", "1.0", reads=True),
    *both(_FILES, "Files", "get", "management:GET_FILE", "1.0", reads=True),
    *both(_FILES, "Files", "list", "management:LIST_FILES", "1.0", reads=True),
    *both(_BATCHES, "Batches", "list", "management:LIST_BATCHES", "1.0", reads=True),
    *both(_TUNINGS, "Tunings", "list", "management:LIST_TUNINGS", "1.0", reads=True),
    *both(_STORES, "FileSearchStores", "get", "management:GET_STORE", "1.51", reads=True),
    *both(_STORES, "FileSearchStores", "list", "management:LIST_STORES", "1.51", reads=True),
    *both(_DOCUMENTS, "Documents", "get", "management:GET_DOCUMENT", "1.51", reads=True),
    *both(_DOCUMENTS, "Documents", "list", "management:LIST_DOCUMENTS", "1.51", reads=True),
)

RESOURCE_HOOKS: tuple[Hook, ...] = (*_MEDIA, *_JOBS, *_MANAGED, *_READS)
