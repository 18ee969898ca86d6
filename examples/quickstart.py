"""Ask Gemini a question, read a stream, chat, let it use a tool, embed texts, handle an error.

The key is read from GEMINI_API_KEY or GOOGLE_API_KEY. GEMINI_MODEL names another model.
"""

import os

from google import genai
from google.genai import errors

MODEL = os.environ.get("GEMINI_MODEL", "gemini-2.5-flash")
EMBEDDING_MODEL = "gemini-embedding-001"


def ask(client: genai.Client) -> None:
    """Ask one question."""
    response = client.models.generate_content(
        model=MODEL, contents="Why is the sky blue? Answer in one sentence."
    )
    print("Answer:", response.text)


def stream(client: genai.Client) -> None:
    """Print an answer while it is being written."""
    print("Stream: ", end="")
    for chunk in client.models.generate_content_stream(
        model=MODEL, contents="Write a haiku about following a request through a system."
    ):
        print(chunk.text or "", end="", flush=True)
    print()


def chat(client: genai.Client) -> None:
    """Talk over two turns."""
    conversation = client.chats.create(model=MODEL)
    for message in ("What is the capital of France?", "Thank you!"):
        print("Chat:  ", conversation.send_message(message).text)


def get_weather(city: str) -> str:
    """Return the weather in a city."""
    return f"It is sunny in {city}."


def use_a_tool(client: genai.Client) -> None:
    """Let the model call a function of ours; the SDK runs it and asks on."""
    conversation = client.chats.create(model=MODEL, config={"tools": [get_weather]})
    print("Tool:  ", conversation.send_message("What is the weather in Paris?").text)


def embed(client: genai.Client) -> None:
    """Turn two texts into vectors."""
    texts = ["The sky is blue.", "Grass is green."]
    response = client.models.embed_content(model=EMBEDDING_MODEL, contents=texts)
    print("Vectors:", len(response.embeddings or []))


def handle_an_error(client: genai.Client) -> None:
    """Ask a model that does not exist."""
    try:
        client.models.generate_content(model="no-such-model", contents="Hello?")
    except errors.ClientError as error:
        print("Error: ", error.code, error.message)


def main() -> None:
    """Run all of it with one client."""
    client = genai.Client()
    ask(client)
    stream(client)
    chat(client)
    use_a_tool(client)
    embed(client)
    handle_an_error(client)


if __name__ == "__main__":
    main()
