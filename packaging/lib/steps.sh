# Sourced by packaging/run and packaging/test: says what is being done, for how long, and what cures a failure.
set -euo pipefail
GRADUS_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
GRADUS_DEPS="${GRADUS_DEPS:-${XDG_CACHE_HOME:-$HOME/.cache}/gradus/deps}"
GRADUS_JOBS="${GRADUS_JOBS:-$(nproc)}"
gradus_begun=$SECONDS

say() { printf '\n==> %s\n' "$*"; }

# fail WHAT CURE: one sentence and an exit code that scripts can tell from a failed test.
fail() {
    printf '\npackaging: %s\n  Cure: %s\n' "$1" "$2" >&2
    exit 1
}

# with_log NAME CURE COMMAND...: runs quietly into a log; on failure shows its end and the cure.
with_log() {
    local name="$1" cure="$2" log
    shift 2
    log="$(mktemp -t "gradus-$name.XXXXXX.log")"
    if ! "$@" >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        fail "$name failed (whole log: $log)." "$cure"
    fi
    rm -f "$log"
}
