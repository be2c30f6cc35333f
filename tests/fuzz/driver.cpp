// SPDX-License-Identifier: GPL-3.0-or-later
// A small fuzzer for compilers without libFuzzer, with the options of that one that packaging/test uses. It keeps
// inputs that reach code which no input reached before, and changes them. Usage:
//   NAME_fuzz [-max_total_time=S] [-seed=N] [-timeout=S] [-max_len=N] [-dict=FILE] [-artifact_prefix=P]
//   FOLDER...|FILE...
// New inputs go into the first folder. Files are run once each: so a failure is repeated.
#include "mutations.h"

#include "base/clock.h"
#include "base/files.h"
#include "fuzz.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <sanitizer/common_interface_defs.h>

namespace {

constexpr std::size_t kEdges = std::size_t{1} << 18;
std::array<unsigned char, kEdges> edgesNow;
std::array<unsigned char, kEdges> edgesEver;
std::uintptr_t lastPlace = 0;

std::uint64_t runs = 0;
std::uint64_t kept = 0; ///< inputs that reached something new
double begun = 0;

std::string input;
std::string artefactPrefix = "./";
std::uint64_t seed = 0;

/// Counts of an edge in steps of two, so that a loop's length is news a few times only.
unsigned char stepOf(unsigned char count)
{
    unsigned char step = 0;
    for (; count > 0; count >>= 1)
        ++step;
    return step;
}

bool isNews()
{
    bool news = false;
    for (std::size_t i = 0; i < kEdges; ++i) {
        if (edgesNow[i] == 0) continue;
        const unsigned char step = stepOf(edgesNow[i]);
        news = news || step > edgesEver[i];
        edgesEver[i] = std::max(edgesEver[i], step);
    }
    return news;
}

void write(const std::string& path, std::string_view bytes)
{
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return;
    if (::write(fd, bytes.data(), bytes.size()) < 0) std::fprintf(stderr, "%s cannot be written.\n", path.c_str());
    close(fd);
}

/// In libFuzzer's words, which packaging/test reads.
void tell()
{
    const double seconds = std::max(gradus::monotonicSeconds() - begun, 1e-3);
    std::fprintf(
        stderr, "stat::number_of_executed_units: %llu\nstat::average_exec_per_sec: %llu\nstat::new_units_added: %llu\n",
        static_cast<unsigned long long>(runs), static_cast<unsigned long long>(static_cast<double>(runs) / seconds),
        static_cast<unsigned long long>(kept));
}

/// Called where the program is about to end: by a sanitizer, or by a signal.
void keepInput()
{
    static bool isKept = false;
    if (isKept) return;
    isKept = true;
    const std::string path = artefactPrefix + "crash-" + std::to_string(seed) + "-" +
                             std::to_string(std::hash<std::string>()(input) % 1'000'000'000);
    write(path, input);
    std::fprintf(stderr, "The input that did it (%zu bytes) is in %s; give that file to this program to repeat it.\n",
                 input.size(), path.c_str());
    tell();
}

extern "C" void onSignal(int number)
{
    if (number == SIGALRM) std::fprintf(stderr, "It took too long.\n");
    keepInput();
    std::_Exit(1);
}

struct Options
{
    double seconds = 60;
    unsigned timeout = 10;
    std::size_t longest = 4096;
    std::string dictionary;
    std::vector<std::filesystem::path> places;
};

std::uint64_t numberOf(std::string_view text)
{
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Options optionsOf(int count, char** words)
{
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        const std::string_view value = word.substr(std::min(word.find('=') + 1, word.size()));
        if (word.starts_with("-max_total_time="))
            options.seconds = static_cast<double>(numberOf(value));
        else if (word.starts_with("-seed="))
            seed = numberOf(value);
        else if (word.starts_with("-timeout="))
            options.timeout = static_cast<unsigned>(numberOf(value));
        else if (word.starts_with("-max_len="))
            options.longest = numberOf(value);
        else if (word.starts_with("-dict="))
            options.dictionary = value;
        else if (word.starts_with("-artifact_prefix="))
            artefactPrefix = value;
        else if (!word.starts_with('-'))
            options.places.emplace_back(word);
    }
    return options;
}

/// Whether it reached something new.
bool run(std::string_view bytes, unsigned timeout)
{
    input = bytes;
    edgesNow.fill(0);
    lastPlace = 0;
    alarm(timeout);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    alarm(0);
    return isNews();
}

} // namespace

/// GCC calls this at every basic block of what is built with -fsanitize-coverage=trace-pc.
extern "C" void __sanitizer_cov_trace_pc();
extern "C" void __sanitizer_cov_trace_pc()
{
    const auto place = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
    unsigned char& count = edgesNow[(place ^ (lastPlace >> 1)) % kEdges];
    if (count < 255) ++count;
    lastPlace = place;
}

int main(int count, char** words)
{
    seed = static_cast<std::uint64_t>(gradus::monotonicSeconds() * 1e6) % 1'000'000'007;
    const Options options = optionsOf(count, words);
    for (const int number : {SIGABRT, SIGALRM, SIGILL, SIGFPE})
        std::signal(number, onSignal);
    __sanitizer_set_death_callback(keepInput);

    begun = gradus::monotonicSeconds();
    std::vector<std::string> corpus;
    bool files = false;
    for (const std::filesystem::path& place : options.places) {
        if (!std::filesystem::is_directory(place)) {
            files = true;
            run(gradus::readFile(place).value(), options.timeout);
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(place))
            corpus.push_back(gradus::readFile(entry.path()).value());
    }
    if (files) return 0;

    gradus::fuzz::Mutations mutations(seed, options.longest, gradus::fuzz::dictionaryOf(options.dictionary));
    std::fprintf(stderr, "Seed: %llu. %zu inputs to begin with.\n", static_cast<unsigned long long>(seed),
                 corpus.size());
    for (const std::string& bytes : corpus)
        run(bytes, options.timeout);
    if (corpus.empty()) corpus.emplace_back();
    begun = gradus::monotonicSeconds();
    while (gradus::monotonicSeconds() - begun < options.seconds) {
        ++runs;
        std::string bytes = mutations.of(corpus);
        if (!run(bytes, options.timeout)) continue;
        ++kept;
        if (!options.places.empty())
            write(options.places[0] / (std::to_string(seed) + "-" + std::to_string(runs)), bytes);
        corpus.push_back(std::move(bytes));
    }
    tell();
    return 0;
}
