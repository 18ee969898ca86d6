"""``python -m mlflow_demo``: start, run, read back, judge, stop."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from datetime import datetime, timezone
from pathlib import Path
from types import FrameType

from mlflow_demo import plan as planning
from mlflow_demo import readback, verdict
from mlflow_demo.plan import DemoError, Plan
from mlflow_demo.refusal import explained
from mlflow_demo.servers import Server, running
from mlflow_demo.tree import drawn

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".demo"
PROGRAM = Path("examples") / "quickstart.py"
BIN = Path(sys.prefix) / "bin"
# Creating MLflow's database and compiling its modules takes half a minute on a slow machine.
MLFLOW_PATIENCE = 180
FAKE_PATIENCE = 30
CANNOT_START = 2


def main() -> int:
    """Run the demo and return its exit code: 0 where the program ran and the totals agree."""
    signal.signal(signal.SIGTERM, _leave)
    plan = planning.plan_from(os.environ, terminal=sys.stdin.isatty() and sys.stdout.isatty())
    FOLDER.mkdir(exist_ok=True)
    try:
        with ExitStack() as stack:
            return to_own_backend(plan, stack) if plan.otlp else to_mlflow(plan, stack)
    except DemoError as error:
        print(f"\n{error}", file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def to_own_backend(plan: Plan, stack: ExitStack) -> int:
    """Run the program with the user's own OTLP settings."""
    say(f"{', '.join(plan.otlp)} set: the traces go there. No MLflow is started or read.")
    fake = start_fake(plan, stack)
    failed = run_program(plan, fake, {})
    say("Look for the service quickstart there.")
    return failed


def to_mlflow(plan: Plan, stack: ExitStack) -> int:
    """Run the program into an MLflow server of our own, and show what arrived there."""
    mlflow = start_mlflow(plan, stack)
    fake = start_fake(plan, stack)
    mlflow.wait_until_ready("/health", MLFLOW_PATIENCE)
    started = datetime.now(timezone.utc).astimezone()
    experiment = readback.create_experiment(mlflow.url, f"quickstart {started:%Y-%m-%d %H:%M:%S}")
    failed = run_program(plan, fake, planning.traces_to_mlflow(mlflow.url, experiment))
    wrong = show(mlflow, experiment, fake)
    say(f"Look at them: {mlflow.url}/#/experiments/{experiment}/traces")
    linger(plan)
    return failed or wrong


def start_mlflow(plan: Plan, stack: ExitStack) -> Server:
    """Start `mlflow server` on SQLite, for the length of the stack."""
    port = planning.choose_port(plan.port)
    if plan.port is None and port != planning.USUAL_PORT:
        say(f"Port {planning.USUAL_PORT} is taken by another program; DEMO_PORT chooses one.")
    url = f"http://127.0.0.1:{port}"
    say(f"MLflow starts at {url}, its data and log in {FOLDER.name}/; that can take a minute ...")
    # Settings of the user's own MLflow would move this one's database or port.
    environ = {name: os.environ[name] for name in os.environ if not name.startswith("MLFLOW_")}
    environ |= {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    command = [str(BIN / "mlflow"), "server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--backend-store-uri", "sqlite:///mlflow.db"]
    return stack.enter_context(running("MLflow", command, url=url, folder=FOLDER, environ=environ))


def start_fake(plan: Plan, stack: ExitStack) -> Server | None:
    """Start the fake Gemini, unless a key for the real one is there."""
    if plan.key:
        say(f"{plan.key} is set: no fake; the program calls Gemini with it.")
        return None
    say("No GEMINI_API_KEY or GOOGLE_API_KEY: a fake Gemini on this machine answers.")
    port = planning.free_port()
    fake = stack.enter_context(
        running(
            "Fake Gemini",
            [sys.executable, "-m", "fake_gemini", "--port", str(port)],
            url=f"http://127.0.0.1:{port}",
            folder=FOLDER,
            environ={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        )
    )
    fake.wait_until_ready("/fake/usage", FAKE_PATIENCE)
    return fake


def run_program(plan: Plan, fake: Server | None, traces: dict[str, str]) -> int:
    """Run the program under opentelemetry-instrument; 1 and an explanation if it fails."""
    environ = planning.program_environment(
        os.environ, gemini_url=fake.url if fake else None, traces=traces
    )
    environ.pop("PYTHONPATH", None)
    say(f"$ opentelemetry-instrument python {PROGRAM}")
    command = [str(BIN / "opentelemetry-instrument"), sys.executable, str(PROGRAM)]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True, check=False
    )
    explanation = explained(done.stderr, plan.key) if done.returncode else None
    if explanation:
        log = FOLDER / "quickstart.log"
        log.write_text(done.stderr)
        say(f"{explanation}\nThe whole traceback: {log}")
    else:
        print(done.stderr, end="", file=sys.stderr, flush=True)
    return 1 if done.returncode else 0


def show(mlflow: Server, experiment: str, fake: Server | None) -> int:
    """Print the traces that MLflow holds; 1 if there are none or their totals are wrong."""
    reported = None
    if fake:
        usage = readback.call(f"{fake.url}/fake/usage")["reported_usage"]
        reported = verdict.reported_tokens(usage)
    traces = readback.settled_traces(mlflow.url, experiment, reported)
    if not traces:
        say("MLflow received no trace. Does OTEL_SDK_DISABLED or a sampler switch tracing off?")
        return 1
    say(f"Read back from MLflow:\n\n{drawn(traces)}")
    if reported is None:
        return 0
    stored = readback.tokens_of(traces)
    say(verdict.comparison(reported, stored))
    return 0 if reported == stored else 1


def linger(plan: Plan) -> None:
    """Keep MLflow running while somebody looks at it."""
    if plan.at_the_end == "stop":
        say("MLflow stops now; make demo KEEP=1 keeps it running.")
        return
    with suppress(KeyboardInterrupt, EOFError):
        if plan.at_the_end == "ask":
            input("\nMLflow is still running. Press Enter to stop it. ")
        else:
            say("MLflow keeps running; Ctrl-C stops it.")
            threading.Event().wait()


def say(text: str) -> None:
    """Print a line of the demo's own, set off from the program's output."""
    print(f"\n{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
