"""What the generated clients manage: agents, webhooks, triggers, environments and their kin."""

from __future__ import annotations

from typing import Any

from google.genai import agents, credentials, environments, interactions, triggers, voices, webhooks
from google.genai._gaos.types.voices import VoiceInput
from hypothesis import strategies as st

from differential import leaves
from differential.generated import (
    BODY,
    COMMON,
    IDS,
    PAGE,
    WAYS,
    empty,
    faults,
    ids,
    kept,
    methods,
    mostly,
    one_of,
    page_of,
    resource,
    several,
    typed,
)
from differential.interaction_answers import usages
from differential.keeping import finalized, given_files, uploaded
from differential.mixing import mixing
from differential.models import Recipe, model
from differential.program import ends
from differential.recipes import TOGETHER, in_snake_case, outside_only
from differential.surface import Method, Surface, sequences
from fake_gemini.script import Reply, Step

_EVENTS = ("batch.succeeded", "video.generated", "brand.new")
_secret = st.just(leaves.SECRET)
_seldom = st.sampled_from((*(False,) * 9, True))

# Agents

_agent = resource(agents.Agent)
_AGENTS = (
    *methods(
        "agents.create",
        one_of(_agent),
        sometimes={
            **BODY,
            "id": ids,
            "base_agent": leaves.texts,
            "description": leaves.texts,
            "system_instruction": leaves.texts,
            "agent_config": typed(model(agents.AgentConfig)),
            "base_environment": mostly({"type": "remote"}, "alpha", but=7),
            "tools": several(mostly({"type": "code_execution"}, but=leaves.MARK)),
        },
    ),
    Method("agents.create", {"unheard_of": st.just(leaves.MARK)}, one_of(_agent)),
    *kept("agents", _agent),
)

# Webhooks

_webhook = resource(
    webhooks.Webhook,
    new_signing_secret=_secret,
    subscribed_events=st.just([_EVENTS[0]]),
)
_hooked: dict[str, Recipe] = {"name": leaves.texts, "uri": leaves.texts}
_events = several(st.sampled_from(_EVENTS))
_WEBHOOKS = (
    *methods(
        "webhooks.create",
        one_of(_webhook),
        asked={"uri": leaves.texts, "subscribed_events": _events},
        sometimes={**BODY, "name": leaves.texts},
    ),
    *methods(
        "webhooks.update",
        one_of(_webhook),
        named="id",
        sometimes={
            **BODY,
            **_hooked,
            "subscribed_events": _events,
            "update_mask": leaves.words,
            "state": mostly("enabled", "disabled", but=leaves.MARK),
        },
    ),
    *methods(
        "webhooks.ping",
        empty,
        named="id",
        sometimes={
            **COMMON,
            "body": typed(model(webhooks.PingWebhookRequest)) | mostly({}, but=leaves.MARK),
        },
    ),
    *methods(
        "webhooks.rotate_signing_secret",
        one_of(_secret.map(lambda secret: {"secret": secret})),
        named="id",
        sometimes={
            **COMMON,
            "revocation_behavior": mostly("revoke_previous_secrets_immediately", but=leaves.MARK),
        },
    ),
    *kept("webhooks", _webhook),
)

# Triggers

_triggered = model(interactions.CreateAgentInteraction, most=3, of={"agent": leaves.words})
_trigger = resource(triggers.Trigger, interaction=st.just({"agent": "alpha", "input": leaves.MARK}))
_execution = resource(triggers.TriggerExecution, trigger_id=st.sampled_from(IDS))
_TRIGGERS = (
    *methods(
        "triggers.create",
        one_of(_trigger),
        asked={
            "interaction": typed(_triggered)
            | mostly({"agent": "alpha", "input": leaves.MARK}, but={"x": leaves.MARK}),
            "schedule": mostly("0 9 * * *", but=None),
            "time_zone": leaves.words,
        },
        sometimes={
            **BODY,
            "display_name": leaves.texts,
            "environment_id": ids,
            "execution_timeout_seconds": mostly(7, but=leaves.MARK),
        },
    ),
    *methods(
        "triggers.update",
        one_of(_trigger),
        named="id",
        sometimes={
            **BODY,
            "display_name": leaves.texts,
            "status": mostly("active", "paused", but=leaves.MARK),
        },
    ),
    *methods("triggers.run", one_of(_execution), named="trigger_id"),
    *methods(
        "triggers.list_executions",
        page_of("trigger_executions", _execution),
        named="trigger_id",
        sometimes=PAGE,
    ),
    *kept("triggers", _trigger),
)

# Environments

_environment = resource(
    environments.Environment,
    environment_key=_secret,
    custom_config=st.just({"who": leaves.MARK}),
)
_file = resource(environments.EnvironmentFile, mime_type=st.just("text/plain"))
_filed = st.builds(
    lambda file, form: form(file),
    _file,
    st.sampled_from(
        (lambda file: {"files": [file]}, lambda file: {"file": file}, lambda file: file)
    ),
)
# The service quotes the address that it does not know, and what it says may be told.
_paths = mostly("notes.txt", "/é/a b.txt", "", but=None)
_places = mostly(*IDS, "environments/alpha", but=None)
_downloaded = leaves.binaries.map(
    lambda data: (Step(Reply(raw=data, content_type="application/octet-stream"), Reply()),)
)
_FILES = tuple(
    method
    for place in ("environment", "environment_id")
    for method in (
        Method(
            "environments.files.upload",
            {place: _places, "path": _paths, "file": given_files},
            uploaded("files", _filed),
            {"mime_type": st.just("text/plain"), "overwrite": st.booleans()},
        ),
        Method("environments.files.download", {place: _places, "path": _paths}, _downloaded),
    )
)
_created: dict[str, Recipe] = {
    **BODY,
    "custom_config": st.none() | leaves.json_objects,
    "from_environment": ids,
    "mode": mostly("remote", "self_hosted", but=leaves.MARK),
    "network": mostly("disabled", {"allowlist": [{"domain": "é"}]}, but=7),
    "sources": several(mostly({"type": "inline"}, but=leaves.MARK)),
    "system_instruction": leaves.texts,
}
_ENVIRONMENTS = (
    *(
        method
        # The short names are plain methods only.
        for end, ways in (("", ("",)), ("_environment", WAYS))
        for method in (
            *methods(
                f"environments.create{end}", one_of(_environment), sometimes=_created, ways=ways
            ),
            *kept("environments", _environment, end, ways),
        )
    ),
    *_FILES * 2,
    *methods(
        "environments.files.list",
        page_of("files", _file),
        asked={"path": _paths},
        named="environment",
        sometimes={**PAGE, "recursive": st.booleans()},
    ),
)

# Credentials

_credential = resource(credentials.Credential)
_MADE = (
    credentials.HTTPBearerConfig,
    credentials.OAuth2Config,
    credentials.EnvironmentVariableConfig,
)
_CHANGED = (credentials.HTTPBearerUpdateConfig, credentials.OAuth2UpdateConfig)
_HIDDEN: dict[str, Recipe] = {
    **dict.fromkeys(("token", "client_secret", "refresh_token", "value"), _secret),
    "id": st.sampled_from(IDS),
    "scopes": st.lists(leaves.words, max_size=2),
    "injection_location": st.sampled_from(("header", ["header", "body"])),
}


def _with_body(path: str, kinds: tuple[Any, ...], named: str | None = None) -> tuple[Method, ...]:
    """Returns a method whose body is one of its arguments, or is given by several."""
    bodies = st.one_of([model(kind, of=_HIDDEN, most=2) for kind in kinds])
    spelled = st.sampled_from((in_snake_case, outside_only))
    apart = st.builds(lambda body, spell: spell(body), bodies, spelled)
    again: dict[str, Recipe] = {"id": ids} if named else {}
    wrapped = st.fixed_dictionaries({"body": typed(bodies), **again})
    told = one_of(_credential)
    return (
        *methods(path, told, named=named, asked={TOGETHER: apart}, sometimes=BODY),
        *methods(path, told, named=named, asked={"request": wrapped}),
    )


_CREDENTIALS = (
    *_with_body("credentials.create", _MADE),
    *_with_body("credentials.update", _CHANGED, "id"),
    *kept("credentials", _credential),
)

# Voices

_voice = st.builds(
    lambda voice, usage: {**voice, **({"usage": usage} if usage else {})},
    resource(voices.Voice, usage=st.none(), key=_secret),
    usages() | st.none(),
)
_voiced = typed(
    model(
        VoiceInput,
        most=3,
        of={
            "type": st.sampled_from(("prompted", "replicated", "brand new")),
            "model": leaves.words,
        },
    )
)
_VOICES = (
    *methods(
        "voices.create",
        one_of(_voice),
        asked={"voice": _voiced | mostly({"type": "prompted"}, but=leaves.MARK)},
        sometimes={**BODY, "store": st.booleans()},
    )
    * 2,
    *kept("voices", _voice),
)


def _entries(name: str, called: tuple[Method, ...]) -> dict[str, Surface]:
    plays = sequences(called, _seldom, faults).map(finalized)
    return {
        name: Surface(plays, mixing(asynchronous=False), ends),
        f"aio.{name}": Surface(plays, mixing(asynchronous=True), ends),
    }


MANAGING: dict[str, Surface] = {
    **_entries("agents", _AGENTS),
    **_entries("webhooks", _WEBHOOKS),
    **_entries("triggers", _TRIGGERS),
    **_entries("environments", _ENVIRONMENTS),
    **_entries("credentials", _CREDENTIALS),
    **_entries("voices", _VOICES),
}
