// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/commands.h"
#include "events/evidence_text.h"
#include "filter/episode_filter.h"
#include "report/transcript_file.h"
#include "store/store_reader.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct TranscriptOptions
{
    std::string run;
    std::string episode;
    std::string store;
    std::string verdict;
    std::string search;
    std::string filter;
    std::string output;
    int generation = 0;
    int limit = 20;
    bool json = false;
};

/// An episode with what judges beside the run's own say of it.
struct Judged
{
    const events::EpisodeRecord* episode = nullptr;
    std::vector<store::VerdictRow> others = {};
};

void printLine(const std::string& head, std::string_view text)
{
    if (!text.empty()) std::printf("  %-9s  %s\n", head.c_str(), visible(text, 4000).c_str());
}

/// Output and errors of a command apart, where the record says which is which.
void printMessage(const events::EpisodeMessage& message)
{
    const events::Streams streams = events::streamsOf(message);
    printLine(visible(message.role), streams.output);
    printLine("errors", streams.errors);
    printLine("ended", streams.said.substr(std::min(streams.said.find_first_not_of('\n'), streams.said.size())));
}

/// What the episode left, and the lines that it changed.
void printFiles(const events::Evidence& evidence)
{
    constexpr std::size_t kMostLines = 20; // of one file
    for (const events::KeptFile& file : evidence.files) {
        std::printf("  %-9s  %s: %s\n", "file", visible(file.path).c_str(), events::changeText(file).c_str());
        for (const std::string& line : events::changedLines(file, kMostLines))
            std::printf("  %-9s  %s\n", "", line.c_str());
    }
    if (evidence.filesLeftOut > 0)
        std::printf("  %-9s  %s more changed and are not kept\n", "", counted(evidence.filesLeftOut, "file").c_str());
}

void print(const Judged& judged)
{
    const events::EpisodeRecord& episode = *judged.episode;
    std::printf("%s  generation %d, %s\n", visible(episode.key).c_str(), episode.generation,
                visible(episode.scenario, 400).c_str());
    const auto evidence = events::evidenceOf(episode);
    if (evidence) std::printf("  %-9s  %s\n", "made of", events::originText(evidence->origin).c_str());
    for (const events::EpisodeMessage& message : episode.messages)
        printMessage(message);
    if (evidence) printFiles(*evidence);
    std::printf("  verdict    %s (%s): %s\n", visible(episode.verdict).c_str(), visible(episode.judge).c_str(),
                visible(episode.note, 400).c_str());
    if (!episode.safeBehaviour.empty())
        std::printf("  taught     %s (%s)\n", visible(episode.safeBehaviour).c_str(),
                    visible(episode.safeBehaviourSource).c_str());
    for (const store::VerdictRow& other : judged.others) {
        if (other.isMonitor()) {
            if (other.score.value_or(0) > 0)
                std::printf("  %-9s  %s, suspicion %s\n", visible(other.judge).c_str(), visible(other.verdict).c_str(),
                            fixedText(*other.score, 2).c_str());
            continue;
        }
        const std::string severity = other.severity ? ", severity " + numberText(*other.severity) : std::string();
        const std::string behaviour =
            other.safeBehaviour.empty() ? std::string() : "; should: " + visible(other.safeBehaviour, 400);
        std::printf("  %-9s  %s%s: %s%s\n", visible(other.judge, 80).c_str(), visible(other.verdict).c_str(),
                    severity.c_str(), visible(other.note, 400).c_str(), behaviour.c_str());
    }
}

/// The store's ids of a run's episodes, by key; with words, only of those in which they stand, and of which the filter
/// line holds.
Result<std::map<std::string, std::int64_t>> idsOf(const store::StoreReader& reader, std::int64_t runId,
                                                  const std::string& words, const std::string& line)
{
    const auto filter = filter::EpisodeFilter::parse(line);
    if (!filter) return filter.error();
    const auto rows = reader.episodeRows(runId);
    if (!rows) return rows.error();
    const auto hits = reader.textHits(runId, words);
    if (!hits) return hits.error();
    std::map<std::string, std::int64_t> ids;
    for (const store::EpisodeRow& row : *rows)
        if ((words.empty() || hits->byEpisode.contains(row.id)) && filter->matches(row)) ids[row.key] = row.id;
    return ids;
}

Error noEpisode(const TranscriptOptions& options)
{
    return badInput("Run " + visible(options.run) + " has no episode \"" + visible(options.episode) +
                    "\"; `gradus transcript` without it lists those that it has.");
}

/// One episode into a file, read page by page.
int write(const TranscriptOptions& options)
{
    const auto reader = store::StoreReader::open(storePath(options.store));
    if (!reader) return report(reader.error());
    const auto row = reader->findRun(options.run);
    if (!row) return report(row.error());
    const auto rows = reader->episodeRows(row->id);
    if (!rows) return report(rows.error());
    for (const store::EpisodeRow& episode : *rows) {
        if (episode.key != options.episode) continue;
        if (const auto written = report::writeTranscript(*reader, episode.id, options.output); !written)
            return report(written.error());
        std::printf("Written: %s\n", options.output.c_str());
        return 0;
    }
    return report(noEpisode(options));
}

int show(const TranscriptOptions& options)
{
    const auto reader = store::StoreReader::open(storePath(options.store));
    if (!reader) return report(reader.error());
    const auto row = reader->findRun(options.run);
    if (!row) return report(row.error());
    const auto all = reader->episodes(row->id);
    if (!all) return report(all.error());
    const auto ids = idsOf(*reader, row->id, options.search, options.filter);
    if (!ids) return report(ids.error());
    std::vector<const events::EpisodeRecord*> wanted;
    for (const events::EpisodeRecord& episode : *all)
        if (ids->contains(episode.key) && (options.episode.empty() || episode.key == options.episode) &&
            (options.verdict.empty() || episode.verdict == options.verdict) &&
            (options.generation == 0 || episode.generation == options.generation))
            wanted.push_back(&episode);
    if (wanted.empty() && !options.episode.empty()) return report(noEpisode(options));
    const std::size_t shown = std::min(wanted.size(), static_cast<std::size_t>(std::max(options.limit, 0)));
    std::vector<Judged> judged;
    for (std::size_t i = 0; i < shown; ++i) {
        auto others = report::otherVerdicts(*reader, ids->at(wanted[i]->key), wanted[i]->judge);
        if (!others) return report(others.error());
        judged.push_back({.episode = wanted[i], .others = std::move(*others)});
    }
    if (options.json) {
        std::string list;
        for (const Judged& one : judged)
            list += (list.empty() ? "" : ",\n") + report::episodeJson(*one.episode, one.others);
        std::printf("[%s]\n", list.c_str());
        return 0;
    }
    for (const Judged& one : judged)
        print(one);
    if (shown < wanted.size()) std::printf("%zu of %zu episodes; --limit shows more.\n", shown, wanted.size());
    if (all->empty()) std::printf("This run has no sandbox episodes: its task has no sandboxed domain.\n");
    return 0;
}

} // namespace

void addTranscript(CLI::App& app, Invocation& invocation)
{
    auto options = std::make_shared<TranscriptOptions>();
    CLI::App* verb =
        app.add_subcommand("transcript", "Episodes of a run (sandbox, debate): what was asked, done and judged.");
    verb->add_option("run", options->run, "Run id, or its first characters");
    verb->add_option("episode", options->episode, "Only this episode, like discovery/2/17");
    verb->add_option("--generation", options->generation, "Only episodes of this generation");
    verb->add_option("--verdict", options->verdict, "Only episodes with this verdict")
        ->check(CLI::IsMember({"hazard", "safe", "asked", "right", "wrong", "undecided"}));
    verb->add_option("--search", options->search, "Only episodes with these words; the last one may go on");
    verb->add_option("--filter", options->filter,
                     "Only episodes of which this holds, as on the Transcripts page: \"gen >= 2 and severity > 0.5\"");
    verb->add_option("--limit", options->limit, "Episodes to print at most")->capture_default_str();
    verb->add_option("--store", options->store, "Run store (default: the workspace's gradus.db)");
    verb->add_flag("--json", options->json, "JSON instead of text");
    verb->add_option("-o,--output", options->output, "Write the one episode to this file: .html (escaped) or .json");
    addJudging(*verb, invocation);
    verb->callback([options, verb, &invocation] {
        if (!verb->get_subcommands().empty()) return;
        if (options->run.empty()) throw CLI::RequiredError("run");
        if (!options->output.empty() && options->episode.empty()) throw CLI::RequiredError("episode (with --output)");
        invocation.exitCode = options->output.empty() ? show(*options) : write(*options);
    });
}

} // namespace gradus::app
