// SPDX-License-Identifier: GPL-3.0-or-later
// Logs of Inspect: what is read, written and read again is the same. An input that begins with { is the texts of
// header.json and of two samples, which are packed; any other is the archive itself.
#include "fuzz.h"
#include "inspect/archive.h"
#include "inspect/log.h"

using namespace gradus;
using namespace gradus::inspect;

namespace {

constexpr std::int64_t kTime = 1'795'945'504;

std::string archiveOf(std::string_view input)
{
    if (!input.starts_with('{')) return std::string(input);
    const auto parts = fuzz::partsOf(input, 3);
    std::vector<std::pair<std::string, std::string>> members = {{"header.json", std::string(parts[0])}};
    for (std::size_t i = 1; i < parts.size(); ++i)
        if (!parts[i].empty())
            members.emplace_back("samples/" + std::to_string(i) + "_epoch_1.json", std::string(parts[i]));
    return packed(members, kTime).value();
}

void expectEqual(const Log& log, const Log& again)
{
    fuzz::expect(again.episodes.size() == log.episodes.size(), "episodes read back");
    for (std::size_t i = 0; i < log.episodes.size(); ++i) {
        const auto& before = log.episodes[i];
        const auto& after = again.episodes[i];
        fuzz::expect(after.key == before.key, "an episode keeps its key", before.key + " " + after.key);
        fuzz::expect(after.verdict == before.verdict && after.judge == before.judge, "an episode keeps its verdict",
                     before.key);
        fuzz::expect(after.messages.size() == before.messages.size(), "messages read back", before.key);
        for (std::size_t m = 0; m < before.messages.size(); ++m)
            fuzz::expect(after.messages[m].content == before.messages[m].content &&
                             after.messages[m].role == before.messages[m].role,
                         "a message keeps its bytes", before.messages[m].content);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ReadBounds bounds{.samples = 100, .bytes = std::size_t{1} << 20};
    const auto log = readEval(fuzz::written("log.eval", archiveOf(fuzz::textOf(data, size))), bounds);
    if (!fuzz::isRead(log)) return 0;
    fuzz::expect(log->episodes.size() <= bounds.samples, "a log has no more samples than it may");
    const auto bytes = evalBytes(*log);
    fuzz::expect(bytes.ok(), "what was read can be written", bytes ? "" : bytes.error().message);
    const auto again = readEval(fuzz::written("again.eval", *bytes));
    fuzz::expect(again.ok(), "what is written can be read", again ? "" : again.error().message);
    expectEqual(*log, *again);
    const auto third = evalBytes(*again);
    fuzz::expect(third.ok() && evalBytes(*again).value() == *third, "the same log gives the same bytes");
    return 0;
}
