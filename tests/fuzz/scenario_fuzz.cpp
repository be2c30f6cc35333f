// SPDX-License-Identifier: GPL-3.0-or-later
// Scenario files: what parses can be rendered in every twin and cue, the same for the same seed and with no place left
// open.
#include "fuzz.h"

#include "scenario/parse.h"
#include "scenario/render.h"

using namespace gradus;
using namespace gradus::scenario;

namespace {

Result<std::string> companion(const std::string& name)
{
    fuzz::expect(!name.empty() && name.front() != '/' && name.find("..") == std::string::npos,
                 "a file beside is a plain name", name);
    if (name == "services/one.py") return std::string("print(1)\n");
    return badInput("There is no such file beside it; put one there.");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string toml(fuzz::textOf(data, size));
    const auto scenario = parseScenario(toml, "s.toml", companion);
    if (!fuzz::isRead(scenario)) return 0;
    for (const Twin twin : allTwins) {
        for (const Cue cue : allCues) {
            const RenderOptions options{.twin = twin, .cue = cue, .seed = size};
            const auto rendered = render(*scenario, options);
            if (!fuzz::isRead(rendered)) continue;
            const auto again = render(*scenario, options);
            fuzz::expect(again.ok() && again->digest == rendered->digest && again->task == rendered->task,
                         "the same seed gives the same episode", rendered->task);
            for (const RenderedFile& file : rendered->files)
                fuzz::expect(file.path.starts_with('/') && file.path.find("/../") == std::string::npos,
                             "a file's path is whole", file.path);
        }
    }
    return 0;
}
