"""What the generated clients keep: agents, webhooks, triggers, environments and their kin."""

from __future__ import annotations

from typing import Any

from fake_gemini.wire import answer
from resources.calling import SECRET, Case
from resources.kept import RESOURCE, TEXT, of_bytes, text_file, upload_to

STATE = "gcp.gen_ai.resource.state"
SINCE = (3, 4)
"""Older releases retry whatever they are told, and some cannot dump their own models."""
EMPTY = answer({})
WEBHOOK = {
    "id": "hook-1",
    "name": SECRET,
    "uri": f"https://example.org/{SECRET}",
    "subscribed_events": ["batch.succeeded"],
    "state": "enabled",
    "signing_secrets": [{"truncated_secret": SECRET}],
    "new_signing_secret": SECRET,
}
TRIGGER = {
    "id": "trigger-1",
    "schedule": "0 9 * * *",
    "time_zone": "UTC",
    "interaction": {"agent": "sommelier", "input": SECRET},
}
CREDENTIAL = {"id": "credential-1", "type": "bearer_token", "display_name": SECRET}


def _named(collection: str, resource: Any) -> tuple[Case, ...]:
    """Returns the cases of what every collection has: get, list and delete."""
    noun, name = collection[:-1], resource["id"]
    told = {RESOURCE: name}
    found = (
        Case(
            f"{collection}.get", {"id": name}, (answer(resource),), f"get_{noun}", told, reads=True
        ),
        Case(
            f"{collection}.list",
            {},
            (answer({collection: [resource]}),),
            f"list_{collection}",
            {RESOURCE: None},
            reads=True,
        ),
        Case(f"{collection}.delete", {"id": name}, (EMPTY,), f"delete_{noun}", told),
    )
    return tuple(_since(case) for case in found)


def _since(case: Case) -> Case:
    return Case(**{**vars(case), "since": SINCE, "version": "v1beta"})


def _made(method: str, asked: Any, said: Any, span: str, name: str | None) -> Case:
    case = Case(method, asked, (said if isinstance(said, tuple) else (said,)), span)
    return Case(**{**vars(_since(case)), "says": {RESOURCE: name}})


AGENT = {"id": "sommelier", "base_agent": "antigravity-preview", "system_instruction": SECRET}
ENVIRONMENT = {"id": "environment-1", "status": "active"}
VOICE = {
    "id": "voice-1",
    "display_name": SECRET,
    "usage": {"total_input_tokens": 7, "total_output_tokens": 90, "total_tokens": 97},
}
CASES = (
    _made("agents.create", AGENT, answer(AGENT), "create_agent sommelier", "sommelier"),
    *_named("agents", AGENT),
    _made(
        "webhooks.create",
        {"uri": WEBHOOK["uri"], "subscribed_events": ["batch.succeeded"], "name": SECRET},
        answer(WEBHOOK),
        "create_webhook",
        "hook-1",
    ),
    _made(
        "webhooks.update",
        {"id": "hook-1", "uri": WEBHOOK["uri"]},
        answer(WEBHOOK),
        "update_webhook",
        "hook-1",
    ),
    _made("webhooks.ping", {"id": "hook-1"}, EMPTY, "ping_webhook", "hook-1"),
    _made(
        "webhooks.rotate_signing_secret",
        {"id": "hook-1"},
        answer({"secret": SECRET}),
        "rotate_webhook_secret",
        "hook-1",
    ),
    *_named("webhooks", WEBHOOK),
    _made(
        "triggers.create",
        {name: value for name, value in TRIGGER.items() if name != "id"},
        answer(TRIGGER),
        "create_trigger",
        "trigger-1",
    ),
    _made(
        "triggers.update",
        {"id": "trigger-1", "display_name": SECRET},
        answer(TRIGGER),
        "update_trigger",
        "trigger-1",
    ),
    _made(
        "triggers.run",
        {"trigger_id": "trigger-1"},
        answer({"id": "execution-1", "trigger_id": "trigger-1"}),
        "run_trigger",
        "trigger-1",
    ),
    Case(
        "triggers.list_executions",
        {"trigger_id": "trigger-1"},
        (answer({"trigger_executions": []}),),
        "list_trigger_executions",
        {RESOURCE: "trigger-1"},
        reads=True,
        since=SINCE,
        version="v1beta",
    ),
    *_named("triggers", TRIGGER),
    _made(
        "environments.create",
        {},
        answer(ENVIRONMENT),
        "create_environment",
        "environment-1",
    ),
    *_named("environments", ENVIRONMENT),
    _made(
        "environments.files.upload",
        {"environment": "environment-1", "path": f"{SECRET}.txt", "file": text_file()},
        upload_to("files", {"files": [{"path": f"{SECRET}.txt"}]}),
        "upload_environment_file",
        "environment-1",
    ),
    _made(
        "environments.files.download",
        {"environment": "environment-1", "path": f"{SECRET}.txt"},
        of_bytes(TEXT),
        "download_environment_file",
        "environment-1",
    ),
    _made(
        "environments.files.download",
        {"environment_id": "environment-1", "path": "notes.json"},
        of_bytes(b'{"id": "%b"}' % SECRET.encode()),
        "download_environment_file",
        "environment-1",
    ),
    Case(
        "environments.files.list",
        {"environment": "environment-1", "path": SECRET},
        (answer({"files": [{"path": SECRET}]}),),
        "list_environment_files",
        {RESOURCE: "environment-1"},
        reads=True,
        since=SINCE,
        version="v1beta",
    ),
    _made(
        "credentials.create",
        {"type": "bearer_token", "id": "credential-1", "token": SECRET},
        answer(CREDENTIAL),
        "create_credential",
        "credential-1",
    ),
    _made(
        "credentials.update",
        {"id": "credential-1", "type": "bearer_token", "token": SECRET},
        answer(CREDENTIAL),
        "update_credential",
        "credential-1",
    ),
    _made(
        "credentials.update",
        # A whole request names whom it is about, whatever stands beside it.
        {
            "id": "credential-0",
            "request": {
                "id": "credential-1",
                "body": {"type": "bearer_token", "token": SECRET},
            },
        },
        answer({name: told for name, told in CREDENTIAL.items() if name != "id"}),
        "update_credential",
        "credential-1",
    ),
    *_named("credentials", CREDENTIAL),
    Case(
        "voices.create",
        {"voice": {"type": "prompted", "display_name": SECRET, "model": "gemini-tts"}},
        (answer(VOICE),),
        "create_voice gemini-tts",
        {
            RESOURCE: "voice-1",
            "gen_ai.request.model": "gemini-tts",
            "gen_ai.usage.input_tokens": 7,
            "gen_ai.usage.output_tokens": 90,
        },
        since=SINCE,
        version="v1beta",
    ),
    *_named("voices", VOICE),
)
