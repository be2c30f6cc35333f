# Sourced by packaging/test: the fuzz targets, each for GRADUS_FUZZ_SECONDS (60). Clang's libFuzzer drives them where
# there is one, else the driver of tests/fuzz under GCC. What a target finds stays in build/fuzz/found.

# The newest Clang that has libFuzzer, or nothing.
fuzzing_clang() {
    local candidate scratch
    scratch="$(mktemp -d)"
    echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"$scratch/one.cpp"
    for candidate in clang++ $(compgen -c clang++- | grep -E '^clang\+\+-[0-9]+$' | sort -u -t- -k2,2nr); do
        command -v "$candidate" >/dev/null || continue
        # Clang before 16 does not compile the ranges of GCC's library.
        [ "$("$candidate" -dumpversion | cut -d. -f1)" -ge 16 ] || continue
        if "$candidate" -fsanitize=fuzzer,address,undefined "$scratch/one.cpp" -o "$scratch/one" 2>/dev/null; then
            echo "$candidate"
            break
        fi
    done
    rm -rf "$scratch"
}

# No libtorch: the parsers need none. Arrow and Qt add targets where they are.
need_for_fuzz() {
    # shellcheck disable=SC2086
    install_packages $packages_core
    GRADUS_TORCH_DIR="${GRADUS_TORCH_DIR:-$(torch_folder)}"
    need_arrow
    need_sqlite
}

# build_fuzz TARGET...
build_fuzz() {
    local build="$GRADUS_ROOT/build/fuzz" compiler wanted
    cd "$GRADUS_ROOT"
    compiler="${GRADUS_FUZZ_CXX:-$(fuzzing_clang)}"
    [ -n "$compiler" ] || say "There is no Clang with libFuzzer: GCC and the driver of tests/fuzz are used"
    compiler="${compiler:-g++}"
    wanted="$compiler|$GRADUS_SQLITE_DIR|$GRADUS_ARROW_DIR|$(cksum <CMakePresets.json)"
    if [ ! -f "$build/build.ninja" ] || [ "$(cat "$build/.configured" 2>/dev/null)" != "$wanted" ]; then
        # A build folder keeps the compiler that it began with; what the targets found is kept.
        rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles"
        with_log configure "Read the message above; a fresh start: rm -rf build/fuzz." \
            cmake --preset fuzz -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_C_COMPILER="$(plain_c_of "$compiler")" \
            -DGRADUS_SQLITE_DIR="$GRADUS_SQLITE_DIR" -DGRADUS_ARROW_DIR="$GRADUS_ARROW_DIR"
        printf '%s' "$wanted" >"$build/.configured"
    fi
    say "Building the fuzz targets with $compiler (${GRADUS_JOBS} jobs)"
    cmake --build "$build" -j "$GRADUS_JOBS" --target "$@" ||
        fail "The build failed." "Read the first error above; with too little memory set GRADUS_JOBS=1 and repeat."
}

# clang++-19 -> clang-19, g++ -> gcc
plain_c_of() {
    local plain="${1/clang++/clang}"
    printf '%s' "${plain/g++/gcc}"
}

# fuzz_one NAME: quiet; the log tells. Prints its row of the table.
fuzz_one() {
    local name="$1" build="$GRADUS_ROOT/build/fuzz" words=() begun=$SECONDS status=0
    [ -f "$GRADUS_ROOT/tests/fuzz/$name.dict" ] && words=("-dict=$GRADUS_ROOT/tests/fuzz/$name.dict")
    mkdir -p "$build/corpus/$name" "$build/found" "$build/logs"
    ASAN_OPTIONS="detect_leaks=1:allocator_may_return_null=1:max_allocation_size_mb=1024" \
        UBSAN_OPTIONS="print_stacktrace=1" \
        "$build/fuzz/${name}_fuzz" -max_total_time="$GRADUS_FUZZ_SECONDS" -timeout=20 -rss_limit_mb=3000 -max_len=8192 \
        -print_final_stats=1 -artifact_prefix="$build/found/$name-" "${words[@]}" \
        "$build/corpus/$name" "$GRADUS_ROOT/tests/fuzz/corpus/$name" >"$build/logs/$name.log" 2>&1 || status=$?
    fuzz_row "$name" "$status" $((SECONDS - begun)) | tee "$build/logs/$name.row"
}

# fuzz_stat NAME STATISTIC: the figure that a target's log ends with; 0 where it ended before it could say.
fuzz_stat() {
    local figure
    figure="$(sed -n "s/^stat::$2: *//p" "$GRADUS_ROOT/build/fuzz/logs/$1.log" | tail -1)"
    printf '%s' "${figure:-0}"
}

# fuzz_row NAME STATUS SECONDS
fuzz_row() {
    local name="$1" log="$GRADUS_ROOT/build/fuzz/logs/$1.log" verdict="nothing found"
    if [ "$2" != 0 ]; then
        verdict="FOUND: $(grep -a -m1 -E 'Broken promise|ERROR: |runtime error' "$log" || echo "it ended with $2, see its log")"
    elif [ "$(fuzz_stat "$name" slowest_unit_time_sec)" -ge 10 ]; then
        verdict="nothing found; one input took $(fuzz_stat "$name" slowest_unit_time_sec) s"
    fi
    printf '%-12s %12s %8s %11s  %.150s\n' "$name" "$(fuzz_stat "$name" number_of_executed_units)" "$3" \
        "$(fuzz_stat "$name" new_units_added)" "$verdict"
}

# fuzz_all NAME...: all targets where none is named. A row for each when it has ended, whatever it found; then the sums,
# and how to repeat what was found.
fuzz_all() {
    local build="$GRADUS_ROOT/build/fuzz" name found=()
    export GRADUS_FUZZ_SECONDS="${GRADUS_FUZZ_SECONDS:-60}" GRADUS_ROOT
    if [ $# = 0 ]; then
        build_fuzz fuzz
        # shellcheck disable=SC2046
        set -- $(cd "$build/fuzz" && printf '%s\n' *_fuzz | sed 's/_fuzz$//')
    else
        build_fuzz "${@/%/_fuzz}"
    fi
    say "Fuzzing $# targets, $GRADUS_FUZZ_SECONDS s each, $GRADUS_JOBS at a time"
    printf '%-12s %12s %8s %11s  %s\n' target executions seconds "new corpus" verdict
    for name in "$@"; do rm -f "$build/logs/$name.row"; done
    export -f fuzz_one fuzz_row fuzz_stat
    printf '%s\n' "$@" | xargs -P "$GRADUS_JOBS" -I{} bash -c 'fuzz_one {}' || true
    for name in "$@"; do
        [ -s "$build/logs/$name.row" ] ||
            printf '%-12s %12s %8s %11s  FOUND: it did not end\n' "$name" 0 0 0 | tee "$build/logs/$name.row"
        ! grep -aq "FOUND: " "$build/logs/$name.row" || found+=("$name")
    done
    (cd "$build/logs" && cat "${@/%/.row}") | awk -v found="${#found[@]}" -v all=$# \
        '{ runs += $2; seconds += $3; kept += $4 }
         END { printf "%-12s %12d %8d %11d  %d of %d targets found something\n", "all", runs, seconds, kept, found, all }'
    [ ${#found[@]} != 0 ] || return 0
    for name in "${found[@]}"; do
        printf 'repeat: %s\n' "build/fuzz/fuzz/${name}_fuzz $(ls -t "$build/found/$name-"* 2>/dev/null | head -1)"
    done
    fail "Fuzzing found something; logs are in build/fuzz/logs." \
        "Mend what it shows and put the input into tests/fuzz/corpus/NAME."
}
