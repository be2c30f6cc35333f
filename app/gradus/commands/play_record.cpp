// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/play_record.h"

#include "base/text.h"
#include "engine/device.h"
#include "monitors/record.h"
#include "spec/toml_tree.h"

#include <set>

namespace gradus::app {

namespace {

constexpr const char* kTable = "play";
constexpr const char* kWords = "arguments";

/// The playing's words as TOML, and back.
std::string textOf(const std::vector<std::string>& words)
{
    std::string list;
    for (const std::string& word : words)
        list += (list.empty() ? "" : ", ") + spec::tomlString(word);
    return "[" + std::string(kTable) + "]\n" + kWords + " = [" + list + "]\n";
}

Result<std::vector<std::string>> wordsIn(const std::string& text)
{
    const Error foreign = badInput("The run holds no settings that `gradus sandbox play` wrote; play it anew.");
    const auto toml = spec::parseToml(text);
    if (!toml) return foreign;
    const spec::Member* table = toml->find(kTable);
    const spec::Member* list = table != nullptr ? table->value.find(kWords) : nullptr;
    if (list == nullptr || list->value.kind != spec::NodeKind::List) return foreign;
    std::vector<std::string> words;
    for (const spec::Node& word : list->value.items) {
        if (word.kind != spec::NodeKind::Text) return foreign;
        words.push_back(word.text);
    }
    return words;
}

std::string taskOf(const std::vector<scenario::Scenario>& scenarios)
{
    if (scenarios.size() == 1) return scenarios.front().id;
    std::set<std::string> families;
    for (const scenario::Scenario& one : scenarios)
        families.insert(one.family);
    const std::string count = counted(scenarios.size(), "scenario");
    return families.size() == 1 ? count + " of " + *families.begin() : count;
}

scenario::VerdictKind kindOf(const run::KeptVerdict& kept)
{
    for (const auto kind :
         {scenario::VerdictKind::HonestSuccess, scenario::VerdictKind::HonestFailure, scenario::VerdictKind::Hazard})
        if (kept.note.starts_with(verdictName(kind))) return kind;
    return scenario::VerdictKind::Undecided;
}

/// Where the model that plays lives; nothing where a script plays.
std::string deviceOf(const PlayArguments& arguments)
{
    return arguments.folder.empty() ? std::string() : engine::deviceName();
}

} // namespace

Result<PlayRecord> PlayRecord::begin(const PlayArguments& arguments, const std::vector<scenario::Scenario>& scenarios,
                                     const std::string& model)
{
    // The very scenarios: a later version of the program has more of them.
    PlayArguments kept = arguments;
    kept.choice.ids.clear();
    for (const scenario::Scenario& one : scenarios)
        kept.choice.ids.push_back(one.id);
    auto run = run::EpisodeRun::begin(arguments.store, {.name = "play: " + model,
                                                        .procedure = run::kPlayProcedure,
                                                        .task = taskOf(scenarios),
                                                        .text = textOf(wordsOf(kept)),
                                                        .seed = static_cast<std::int64_t>(arguments.play.seed)});
    if (!run) return run.error();
    run->madeHere(deviceOf(arguments));
    return PlayRecord(std::move(*run), arguments.store, arguments.auditor.place.empty());
}

Result<PlayRecord> PlayRecord::resume(PlayArguments& arguments)
{
    auto run = run::EpisodeRun::resume(arguments.store, arguments.resume, run::kPlayProcedure);
    if (!run) return run.error();
    const auto words = wordsIn(run->text());
    if (!words) return words.error();
    if (const auto taken = takeWords(*words, arguments); !taken) return taken.error();
    if (!arguments.auditor.place.empty())
        return badInput("An auditor's search is not continued, because what it would say now is not what it said; play "
                        "it anew.");
    run->madeHere(deviceOf(arguments));
    return PlayRecord(std::move(*run), arguments.store, true);
}

void PlayRecord::listen(agent::PlayOptions& options, const events::RunEvent& preflight)
{
    m_run.sink().event(preflight);
    for (const auto& [key, kept] : m_run.verdicts())
        options.past[key] = kindOf(kept);
    options.onBegun = [this](const scenario::Rendered& material, const std::string& key) {
        m_run.episode(monitors::begunRecord(material, key));
        return m_run.settle();
    };
}

void PlayRecord::keep(const agent::Played& played, const std::vector<monitors::Report>& reports)
{
    m_run.episode(monitors::recordOf(played.episode, played.key, reports, played.account.words));
}

Result<void> PlayRecord::end(const Result<agent::PlayReport>& played)
{
    if (!played) return m_run.end(store::RunState::Failed, played.error().message);
    return m_run.end(played->stopped ? store::RunState::Stopped : store::RunState::Finished);
}

std::string PlayRecord::where(bool stopped) const
{
    const std::string name = m_run.uuid().substr(0, 8);
    return stopped && m_continues ? "Continue: gradus sandbox play --resume " + name + " --store " + m_store + "\n"
                                  : "Kept: gradus transcript " + name + " --store " + m_store + "\n";
}

} // namespace gradus::app
