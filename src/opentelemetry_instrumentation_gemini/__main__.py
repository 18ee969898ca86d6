"""`python -m opentelemetry_instrumentation_gemini doctor`."""

import sys

from ._doctor.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
