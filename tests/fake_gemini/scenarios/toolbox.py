"""The functions that scenarios hand to the SDK as tools.

Annotations are evaluated here on purpose: older SDKs cannot call a function whose annotations are
strings.
"""


def get_weather(city: str) -> dict[str, str]:
    """Tells the weather in a city."""
    return {"city": city, "sky": "clear"}


def get_time(city: str) -> str:
    """Tells the time in a city."""
    return f"It is noon in {city}."


def book_table(city: str, guests: int) -> dict[str, object]:
    """Books a table in a city."""
    return {"city": city, "guests": guests, "reference": "T-17"}
