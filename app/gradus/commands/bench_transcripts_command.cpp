// SPDX-License-Identifier: GPL-3.0-or-later
// bench transcripts: a long transcript written, opened and searched.
#include "base/ids.h"
#include "commands/commands.h"
#include "store/bench_transcripts.h"

#include <cstdio>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

int benchTranscripts(std::int64_t messages, bool json)
{
    const auto folder = std::filesystem::temp_directory_path() / ("gradus-bench-" + newUuid());
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    const auto result = store::benchTranscripts(folder, messages);
    std::filesystem::remove_all(folder, ignored);
    if (!result) return report(result.error());
    if (json) {
        std::printf("%s\n", nlohmann::json{{"bench", "transcripts"},
                                           {"messages", result->messages},
                                           {"megabytes", result->megabytes},
                                           {"write_seconds", result->writeSeconds},
                                           {"write_seconds_without_index", result->bareWriteSeconds},
                                           {"store_megabytes", result->storeMegabytes},
                                           {"store_megabytes_without_index", result->bareMegabytes},
                                           {"open_milliseconds", result->openMilliseconds},
                                           {"page_milliseconds", result->pageMilliseconds},
                                           {"rare_word_milliseconds", result->rareMilliseconds},
                                           {"common_word_milliseconds", result->commonMilliseconds},
                                           {"phrase_milliseconds", result->phraseMilliseconds},
                                           {"places_milliseconds", result->placesMilliseconds},
                                           {"scan_milliseconds", result->scanMilliseconds},
                                           {"rare_hits", result->rareHits}}
                                .dump()
                                .c_str());
        return 0;
    }
    std::printf("%lld messages, %.0f MB of text in one episode\n", static_cast<long long>(result->messages),
                result->megabytes);
    std::printf("written in %.2f s, %.0f MB of store (without the index of words %.2f s, %.0f MB)\n",
                result->writeSeconds, result->storeMegabytes, result->bareWriteSeconds, result->bareMegabytes);
    std::printf("opened in %.1f ms, a page of 500 messages in %.1f ms\n", result->openMilliseconds,
                result->pageMilliseconds);
    std::printf("searched: rare word %.1f ms (%lld hits), common word %.1f ms, phrase %.1f ms, places %.1f ms; "
                "without a word %.0f ms\n",
                result->rareMilliseconds, static_cast<long long>(result->rareHits), result->commonMilliseconds,
                result->phraseMilliseconds, result->placesMilliseconds, result->scanMilliseconds);
    return 0;
}

} // namespace

void addTranscriptBench(CLI::App& bench, Invocation& invocation)
{
    auto messages = std::make_shared<std::int64_t>(1'000'000);
    auto json = std::make_shared<bool>(false);
    CLI::App* verb = bench.add_subcommand("transcripts", "A long transcript written, opened and searched.");
    verb->add_option("--messages", *messages, "Messages of about 100 bytes")->check(CLI::Range(1000, 10'000'000));
    verb->add_flag("--json", *json, "One line of JSON");
    verb->callback([messages, json, &invocation] { invocation.exitCode = benchTranscripts(*messages, *json); });
}

} // namespace gradus::app
