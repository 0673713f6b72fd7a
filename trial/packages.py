"""Makes the virtual environment and puts the packages in it, when either is out of date.

Run by the machine's own Python: `python3 -m trial.packages`.
"""

import fcntl
import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
VENV = REPO / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "cpdhub-packages"
REQUIREMENTS = (REPO / "requirements.txt", REPO / "requirements-dev.txt")
DEBIAN = "on Debian, `apt install python3-venv`"


def main() -> str | None:
    """Return what is wrong in one sentence, or nothing."""
    with (REPO / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two terminals, one installation
        version = _version()
        if not version:
            if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
                return f"This Python ({sys.executable}) has no venv: install it ({DEBIAN})."
            sys.stdout.write("Making a virtual environment in .venv\n")
            sys.stdout.flush()
            if subprocess.run(
                [sys.executable, "-m", "venv", "--clear", VENV], check=False
            ).returncode:
                return f"Python could not make {VENV}: see above ({DEBIAN} may be missing)."
            version = _version()
        return _install(_mark(version))


def _version() -> str:
    """Return the version in the virtual environment; nothing if there is none that works."""
    question = "import sys, pip; sys.version_info >= (3, 11) and print(sys.version)"
    try:
        return subprocess.run(
            [PYTHON, "-c", question], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return ""


def _mark(version: str) -> str:
    texts = [version.encode(), *(path.read_bytes() for path in REQUIREMENTS)]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def _install(mark: str) -> str | None:
    if STAMP.exists() and STAMP.read_text() == mark:
        return None
    sys.stdout.write("Installing the packages (the first time takes a minute or two)\n")
    sys.stdout.flush()
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
    ]
    if subprocess.run([*pip, "-r", str(REQUIREMENTS[-1])], cwd=REPO, check=False).returncode:
        return "The packages could not be installed: see pip's words above, then try again."
    STAMP.write_text(mark)
    return None


if __name__ == "__main__":
    sys.exit(main())
