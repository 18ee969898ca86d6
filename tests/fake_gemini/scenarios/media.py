"""Images, sound and code in and out, with token counts by modality."""

from __future__ import annotations

import base64

from fake_gemini.script import Round, Scenario, Tokens
from fake_gemini.wire import answer, candidate, modalities, response, stream, usage

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
PCM = base64.b64encode(bytes(range(0, 240, 2)) * 4).decode()

IMAGE_IN = Scenario(
    name="image_in",
    contents=[
        {
            "role": "user",
            "parts": [
                {"text": "What is in these files?"},
                {"inline_data": {"mime_type": "image/png", "data": base64.b64decode(PNG)}},
                {
                    "file_data": {
                        "mime_type": "application/pdf",
                        "file_uri": "https://example.org/manual.pdf",
                    }
                },
            ],
        }
    ],
    steps=(
        answer(
            response(
                candidate("A single pixel and a manual."),
                usage=usage(
                    780,
                    8,
                    promptTokensDetails=modalities(TEXT=6, IMAGE=258, DOCUMENT=516),
                    candidatesTokensDetails=modalities(TEXT=8),
                ),
            )
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(
                input=780,
                output=8,
                by_modality={
                    "input.TEXT": 6,
                    "input.IMAGE": 258,
                    "input.DOCUMENT": 516,
                    "output.TEXT": 8,
                },
            ),
            text="A single pixel and a manual.",
            finish_reasons=("STOP",),
        ),
    ),
)

IMAGE_OUT = Scenario(
    name="image_out",
    model="gemini-2.5-flash-image",
    contents="Draw a red pixel.",
    config={"response_modalities": ["TEXT", "IMAGE"]},
    steps=(
        stream(
            response(candidate("Here it is: ", finish=None), usage=usage(5, 4)),
            response(
                candidate({"inlineData": {"mimeType": "image/png", "data": PNG}}),
                usage=usage(
                    5,
                    1294,
                    promptTokensDetails=modalities(TEXT=5),
                    candidatesTokensDetails=modalities(TEXT=4, IMAGE=1290),
                ),
                modelVersion="gemini-2.5-flash-image",
            ),
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(
                input=5,
                output=1294,
                by_modality={"input.TEXT": 5, "output.TEXT": 4, "output.IMAGE": 1290},
            ),
            text="Here it is: ",
            finish_reasons=("STOP",),
        ),
    ),
)

_SOUND = {"inlineData": {"mimeType": "audio/L16;codec=pcm;rate=24000", "data": PCM}}

AUDIO_OUT = Scenario(
    name="audio_out",
    model="gemini-2.5-flash-preview-tts",
    contents="Say hello.",
    config={
        "response_modalities": ["AUDIO"],
        "speech_config": {
            "voice_config": {"prebuilt_voice_config": {"voice_name": "Kore"}},
        },
    },
    steps=(
        stream(
            response(candidate(_SOUND, finish=None), usage=usage(3, 12)),
            response(
                candidate(_SOUND),
                usage=usage(
                    3,
                    25,
                    promptTokensDetails=modalities(TEXT=3),
                    candidatesTokensDetails=modalities(AUDIO=25),
                ),
                modelVersion="gemini-2.5-flash-preview-tts",
            ),
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=3, output=25, by_modality={"input.TEXT": 3, "output.AUDIO": 25}),
            finish_reasons=("STOP",),
        ),
    ),
)

CODE_EXECUTION = Scenario(
    name="code_execution",
    contents="What is the sum of the first ten primes?",
    config={"tools": [{"code_execution": {}}]},
    steps=(
        stream(
            response(candidate("I will compute it.", finish=None), usage=usage(12, 5)),
            response(
                candidate(
                    {"executableCode": {"language": "PYTHON", "code": "print(129)\n"}},
                    finish=None,
                ),
                usage=usage(12, 21),
            ),
            response(
                candidate(
                    {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "129\n"}},
                    finish=None,
                ),
                usage=usage(12, 21, tool_use=38),
            ),
            response(
                candidate("The sum is 129."),
                usage=usage(
                    12,
                    28,
                    tool_use=38,
                    promptTokensDetails=modalities(TEXT=12),
                    toolUsePromptTokensDetails=modalities(TEXT=38),
                ),
            ),
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=50, output=28, by_modality={"input.TEXT": 50}),
            text="I will compute it.The sum is 129.",
            finish_reasons=("STOP",),
        ),
    ),
)

FAILED_CODE = Scenario(
    name="failed_code",
    contents="Divide one by zero.",
    config={"tools": [{"code_execution": {}}]},
    steps=(
        answer(
            response(
                candidate(
                    {"executableCode": {"language": "PYTHON", "code": "print(1 / 0)\n"}},
                    {
                        "codeExecutionResult": {
                            "outcome": "OUTCOME_FAILED",
                            "output": "ZeroDivisionError: division by zero\n",
                        }
                    },
                    "That cannot be done.",
                ),
                usage=usage(8, 24, tool_use=31),
            )
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=39, output=24),
            text="That cannot be done.",
            finish_reasons=("STOP",),
        ),
    ),
)
