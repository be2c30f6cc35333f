// SPDX-License-Identifier: GPL-3.0-or-later
// The corpus through every target in an ordinary build: what was found once does not come back, and targets compile.
#include "base/files.h"
#include "fuzz.h"

#include <algorithm>
#include <cstdio>
#include <exception>

// targets.inc has a line TARGET(csv) for each; CMake compiles csv_fuzz.cpp with its entry called fuzz_csv here.
#define TARGET(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
#include "targets.inc"
#undef TARGET

namespace {

struct Target
{
    const char* name;
    int (*run)(const std::uint8_t*, std::size_t);
};

const Target kTargets[] = {
#define TARGET(name) {#name, fuzz_##name},
#include "targets.inc"
#undef TARGET
};

std::vector<std::filesystem::path> inputsOf(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

int main(int, char** argv)
{
    const std::filesystem::path corpus = argv[1];
    bool whole = true;
    for (const Target& target : kTargets) {
        const auto files = inputsOf(corpus / target.name);
        whole = whole && !files.empty();
        for (const std::filesystem::path& file : files) {
            const std::string bytes = gradus::readFile(file).value();
            std::printf("%s\n", file.c_str()); // the last one named is the one that ended the program
            std::fflush(stdout);
            target.run(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        }
        std::printf("%s: %zu inputs\n", target.name, files.size());
    }
    if (!whole) std::printf("A target has no corpus: give it one in %s.\n", corpus.c_str());
    return whole ? 0 : 1;
}
