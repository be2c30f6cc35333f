# Sourced: puts in place what Gradus is built from. What is there already is not touched.

GRADUS_TORCH_PIN=2.13.0
GRADUS_ARROW_PIN=26.0.1
GRADUS_SQLITE_PACKAGE=better-sqlite3@12.11.1 # carries the SQLite 3.53.2 amalgamation (public domain)
GRADUS_SQLITE_SHA256=60d2f39a3726cd6b9021da6f4e868608d66fbb6528a9f513dc8ffcc640493422

packages_core="g++ cmake ninja-build ccache mold python3 python3-venv ca-certificates
    libtomlplusplus-dev nlohmann-json3-dev libcli11-dev libboost-dev libeigen3-dev libssl-dev libpcre2-dev libicu-dev libpugixml-dev
    libzip-dev libzstd-dev libcurl4-openssl-dev
    libseccomp-dev bubblewrap pkg-config"
packages_window="qt6-base-dev qt6-svg-dev libqcustomplot-dev libgl-dev libvulkan-dev
    fonts-inter fonts-noto-core fonts-jetbrains-mono"

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n --preserve-env=DEBIAN_FRONTEND,http_proxy,https_proxy "$@"
    else
        return 125
    fi
}

installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

install_packages() {
    local missing=() name
    for name in "$@"; do installed "$name" || missing+=("$name"); done
    [ ${#missing[@]} = 0 ] && return 0
    command -v apt-get >/dev/null || fail "This system has no apt-get." "Install the equivalents of: ${missing[*]}"
    say "Installing ${#missing[@]} system packages: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    as_root true || fail "These packages are missing and need an administrator: ${missing[*]}" \
        "Run: sudo apt-get install --no-install-recommends ${missing[*]}"
    with_log apt-update "Check the network and /etc/apt/sources.list, then repeat." as_root apt-get update
    with_log apt-install "Read the message above; 'apt-get -f install' mends half-done installations." \
        as_root apt-get install -y --no-install-recommends "${missing[@]}"
}

# Prints the folder of a PyTorch wheel that fits (2.11 or later), or nothing.
torch_folder() {
    local python
    for python in "$GRADUS_DEPS/venv/bin/python" python3 /usr/bin/python3; do
        command -v "$python" >/dev/null || continue
        "$python" - <<'PY' 2>/dev/null && return 0
import importlib.util, os, re, sys
spec = importlib.util.find_spec("torch")
if not spec: sys.exit(1)
folder = os.path.dirname(spec.origin)
version = re.search(r"__version__ = '(\d+)\.(\d+)", open(os.path.join(folder, "version.py")).read())
if (int(version[1]), int(version[2])) < (2, 11): sys.exit(1)
print(folder)
PY
    done
    return 0
}

need_torch() {
    GRADUS_TORCH_DIR="${GRADUS_TORCH_DIR:-$(torch_folder)}"
    if [ -z "$GRADUS_TORCH_DIR" ]; then
        say "Fetching libtorch $GRADUS_TORCH_PIN (the PyTorch wheel; about 200 MB for CPU, several GB with CUDA)"
        mkdir -p "$GRADUS_DEPS"
        with_log venv "Install python3-venv." python3 -m venv "$GRADUS_DEPS/venv"
        # GRADUS_PIP_ARGS may name another index, for example one that holds the CPU build.
        # shellcheck disable=SC2086
        with_log pip "Check the network and the free disk space in $GRADUS_DEPS, or set GRADUS_TORCH_DIR to an unpacked wheel." \
            "$GRADUS_DEPS/venv/bin/python" -m pip install --quiet --disable-pip-version-check ${GRADUS_PIP_ARGS:-} \
            "torch==$GRADUS_TORCH_PIN"
        GRADUS_TORCH_DIR="$(torch_folder)"
        [ -n "$GRADUS_TORCH_DIR" ] || fail "The PyTorch wheel is installed but not found." "Remove $GRADUS_DEPS/venv and repeat."
    fi
    export GRADUS_TORCH_DIR
}

# Arrow for Parquet files. Optional: where it cannot be had, everything else is built.
need_arrow() {
    local folder
    if [ -z "${GRADUS_ARROW_DIR:-}" ]; then
        for folder in "$(dirname "$GRADUS_TORCH_DIR")"/pyarrow "$GRADUS_DEPS"/venv/lib/python3*/site-packages/pyarrow; do
            [ -f "$folder/include/parquet/arrow/reader.h" ] && GRADUS_ARROW_DIR="$folder" && break
        done
    fi
    if [ -z "${GRADUS_ARROW_DIR:-}" ]; then
        say "Fetching Arrow $GRADUS_ARROW_PIN (the pyarrow wheel, about 50 MB)"
        [ -x "$GRADUS_DEPS/venv/bin/python" ] || python3 -m venv "$GRADUS_DEPS/venv" >/dev/null 2>&1 || true
        # shellcheck disable=SC2086
        if "$GRADUS_DEPS/venv/bin/python" -m pip install --quiet --disable-pip-version-check ${GRADUS_PIP_ARGS:-} \
            "pyarrow==$GRADUS_ARROW_PIN" >/dev/null 2>&1; then
            GRADUS_ARROW_DIR="$(echo "$GRADUS_DEPS"/venv/lib/python3*/site-packages/pyarrow)"
        else
            say "It cannot be fetched: Gradus is built without it and reads no Parquet files (CSV and JSON Lines it does)"
        fi
    fi
    export GRADUS_ARROW_DIR="${GRADUS_ARROW_DIR:-}"
}

need_sqlite() {
    GRADUS_SQLITE_DIR="$GRADUS_DEPS/sqlite"
    [ -f "$GRADUS_SQLITE_DIR/sqlite3.c" ] && [ -f "$GRADUS_SQLITE_DIR/sqlite3.h" ] && return 0
    say "Fetching SQLite (the system's is older than 3.51.3, which can corrupt a store that two programs write)"
    command -v npm >/dev/null || install_packages npm
    local scratch
    scratch="$(mktemp -d)"
    (cd "$scratch" && with_log npm "Check the network, or put sqlite3.c and sqlite3.h (3.51.3 or later) into $GRADUS_SQLITE_DIR." \
        npm pack "$GRADUS_SQLITE_PACKAGE")
    tar -xzf "$scratch"/*.tgz -C "$scratch" package/deps/sqlite3
    echo "$GRADUS_SQLITE_SHA256  $scratch/package/deps/sqlite3/sqlite3.c" | sha256sum --check --quiet ||
        fail "The fetched sqlite3.c is not the pinned one." "Delete $scratch and repeat; if it persists, report it."
    mkdir -p "$GRADUS_SQLITE_DIR"
    cp "$scratch"/package/deps/sqlite3/sqlite3.h "$GRADUS_SQLITE_DIR/"
    cp "$scratch"/package/deps/sqlite3/sqlite3.c "$GRADUS_SQLITE_DIR/"
    rm -rf "$scratch"
}

need_everything() {
    # shellcheck disable=SC2086
    install_packages $packages_core $packages_window
    need_torch
    need_arrow
    need_sqlite
}

# configure_and_build TARGET...: the release preset; a second call with nothing changed takes seconds.
configure_and_build() {
    cd "$GRADUS_ROOT"
    local build="$GRADUS_ROOT/build/release" wanted
    wanted="$GRADUS_TORCH_DIR|$GRADUS_SQLITE_DIR|$GRADUS_ARROW_DIR|$(cksum <CMakePresets.json)"
    if [ ! -f "$build/build.ninja" ] || [ "$(cat "$build/.configured" 2>/dev/null)" != "$wanted" ]; then
        say "Configuring"
        with_log configure "Read the message above; a fresh start: rm -rf build/release." \
            cmake --preset release -DGRADUS_TORCH_DIR="$GRADUS_TORCH_DIR" -DGRADUS_SQLITE_DIR="$GRADUS_SQLITE_DIR" \
            -DGRADUS_ARROW_DIR="$GRADUS_ARROW_DIR"
        printf '%s' "$wanted" >"$build/.configured"
    fi
    say "Building $* (${GRADUS_JOBS} jobs)"
    cmake --build "$build" -j "$GRADUS_JOBS" --target "$@" ||
        fail "The build failed." "Read the first error above; with too little memory set GRADUS_JOBS=1 and repeat."
}
