// SPDX-License-Identifier: GPL-3.0-or-later
// What people say of episodes: transcript judge, prefer, agreement, export-labels.
#include "base/files.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "compare/people_agreement.h"
#include "run/person_labels.h"
#include "run/text_table.h"
#include "store/judgements.h"
#include "store/store_reader.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

struct JudgeOptions
{
    std::string run;
    std::string episode;
    std::string other; ///< of a preference
    std::string person;
    store::Judgement said;
    std::string choice;
    std::string file;
    std::string store;
    bool swapped = false;
    bool withdraw = false;
    bool json = false;
};

Result<store::EpisodeRow> findEpisode(const store::StoreReader& reader, const store::RunRow& run,
                                      const std::string& key)
{
    const auto rows = reader.episodeRows(run.id);
    if (!rows) return rows.error();
    for (const store::EpisodeRow& row : *rows)
        if (row.key == key) return row;
    return badInput("Run " + run.uuid.substr(0, 8) + " has no episode \"" + visible(key) + "\"; `gradus transcript " +
                    run.uuid.substr(0, 8) + "` lists those that it has.");
}

int judge(const JudgeOptions& options)
{
    const auto path = storePath(options.store);
    if (options.withdraw != options.said.verdict.empty())
        return report(badInput("Give either --verdict or --withdraw."));
    auto judgements = store::Judgements::open(path);
    if (!judgements) return report(judgements.error());
    const auto reader = store::StoreReader::open(path);
    if (!reader) return report(reader.error());
    const auto run = reader->findRun(options.run);
    if (!run) return report(run.error());
    const auto episode = findEpisode(*reader, *run, options.episode);
    if (!episode) return report(episode.error());
    const auto before =
        judgements->judge(episode->id, options.person, options.withdraw ? std::nullopt : std::optional(options.said));
    if (!before) return report(before.error());
    const std::string former = *before ? ", before: " + visible((*before)->verdict) : std::string();
    std::printf("%s: %s by %s%s\n", visible(episode->key).c_str(),
                options.withdraw ? "withdrawn" : options.said.verdict.c_str(), visible(options.person).c_str(),
                former.c_str());
    return 0;
}

int prefer(const JudgeOptions& options)
{
    const auto path = storePath(options.store);
    if (options.withdraw != options.choice.empty()) return report(badInput("Give either --choice or --withdraw."));
    auto judgements = store::Judgements::open(path);
    if (!judgements) return report(judgements.error());
    const auto reader = store::StoreReader::open(path);
    if (!reader) return report(reader.error());
    const auto run = reader->findRun(options.run);
    if (!run) return report(run.error());
    const auto first = findEpisode(*reader, *run, options.episode);
    if (!first) return report(first.error());
    const auto second = findEpisode(*reader, *run, options.other);
    if (!second) return report(second.error());
    const auto before = judgements->prefer({.first = first->id,
                                            .second = second->id,
                                            .swapped = options.swapped,
                                            .person = options.person,
                                            .choice = options.choice});
    if (!before) return report(before.error());
    std::printf("%s, %s: %s by %s%s\n", visible(first->key).c_str(), visible(second->key).c_str(),
                options.withdraw ? "withdrawn" : options.choice.c_str(), visible(options.person).c_str(),
                options.swapped ? ", second one shown first" : "");
    return 0;
}

nlohmann::json agreementJson(const compare::PeopleAgreement& agreement)
{
    nlohmann::json people = nlohmann::json::array();
    for (const compare::PersonStanding& person : agreement.people)
        people.push_back({{"name", person.name},
                          {"episodes", person.episodes},
                          {"with_the_run", figureJson(person.withTheRun)},
                          {"pairs_in_both_orders", person.pairs},
                          {"same_in_both_orders", figureJson(person.sameInBoth)}});
    return {{"episodes", agreement.episodes},
            {"shared", agreement.shared},
            {"krippendorff_alpha", figureJson(agreement.alpha)},
            {"fleiss_kappa", figureJson(agreement.fleiss)},
            {"people", people}};
}

int showAgreement(const JudgeOptions& options)
{
    const auto reader = store::StoreReader::open(storePath(options.store));
    if (!reader) return report(reader.error());
    const auto run = reader->findRun(options.run);
    if (!run) return report(run.error());
    const auto episodes = reader->episodeRows(run->id);
    if (!episodes) return report(episodes.error());
    const auto preferences = reader->preferences(run->id);
    if (!preferences) return report(preferences.error());
    const auto agreement = compare::agreementOf(*episodes, *preferences);
    if (options.json) {
        printJson(agreementJson(agreement));
        return 0;
    }
    if (agreement.people.empty()) {
        std::printf("Nobody has judged an episode of this run yet; `gradus transcript judge` does.\n");
        return 0;
    }
    const std::string who =
        agreement.people.size() == 1 ? "1 person" : std::to_string(agreement.people.size()) + " people";
    std::printf("%lld episodes judged by %s, %lld of them by several.\n", agreement.episodes, who.c_str(),
                agreement.shared);
    std::printf("Krippendorff's alpha  %s (n %lld)\n", figureText(agreement.alpha).c_str(),
                agreement.alpha ? agreement.alpha->n : 0);
    std::printf("Fleiss' kappa         %s (n %lld, judged by everybody)\n", figureText(agreement.fleiss).c_str(),
                agreement.fleiss ? agreement.fleiss->n : 0);
    std::vector<std::vector<std::string>> lines{
        {"person", "episodes", "as the run says", "pairs in both orders", "same choice in both"}};
    for (const compare::PersonStanding& person : agreement.people)
        lines.push_back({visible(person.name), std::to_string(person.episodes), figureText(person.withTheRun),
                         std::to_string(person.pairs), figureText(person.sameInBoth)});
    std::printf("%s", run::aligned(lines, 1).c_str());
    return 0;
}

int exportLabels(const JudgeOptions& options)
{
    const auto reader = store::StoreReader::open(storePath(options.store));
    if (!reader) return report(reader.error());
    const auto run = reader->findRun(options.run);
    if (!run) return report(run.error());
    const auto labels = run::personLabels(*reader, *run, options.person);
    if (!labels) return report(labels.error());
    if (options.file.empty()) {
        std::printf("%s", labels->csv.c_str());
        return 0;
    }
    if (const auto written = writeFileAtomically(options.file, labels->csv); !written) return report(written.error());
    std::printf("%s: %zu verdicts, %zu with a behaviour that can be taught.\n", visible(options.file, 400).c_str(),
                labels->rows, labels->withBehaviour);
    if (labels->withoutItem > 0)
        std::printf("%zu verdicts were left out: only hazards that discovery found name an item.\n",
                    labels->withoutItem);
    for (const std::string& behaviour : labels->unknown)
        std::printf("\"%s\" is no action of this run's domain and was left empty.\n", visible(behaviour).c_str());
    return 0;
}

} // namespace

void addJudging(CLI::App& transcript, Invocation& invocation)
{
    auto options = std::make_shared<JudgeOptions>();
    const auto add = [&](const char* name, const char* help, int (*act)(const JudgeOptions&)) {
        CLI::App* verb = transcript.add_subcommand(name, help);
        verb->add_option("run", options->run, "Run id, or its first characters")->required();
        verb->add_option("--store", options->store, "Run store (default: the workspace's gradus.db)");
        verb->callback([options, act, &invocation] { invocation.exitCode = act(*options); });
        return verb;
    };
    CLI::App* judging = add("judge", "Say as a person what an episode is.", judge);
    judging->add_option("episode", options->episode, "Which one, like discovery/2/17")->required();
    judging->add_option("--verdict", options->said.verdict, "hazard, safe, asked; of a debate: right, wrong; unclear");
    judging->add_option("--severity", options->said.severity, "Of a hazard, 0 to 1");
    judging->add_option("--note", options->said.note, "Why, in your words");
    judging->add_option("--behaviour", options->said.safeBehaviour,
                        "What should have been done; an action of the domain can be taught");
    judging->add_flag("--withdraw", options->withdraw, "Take the verdict back; it stays in the journal");
    judging->add_option("--by", options->person, "Your name")->required();

    CLI::App* preferring = add("prefer", "Say as a person which of two episodes is better.", prefer);
    preferring->add_option("first", options->episode, "One episode")->required();
    preferring->add_option("second", options->other, "The other episode of the same run")->required();
    preferring->add_option("--choice", options->choice, "first, second or tie");
    preferring->add_flag("--swapped", options->swapped, "The second one was shown first");
    preferring->add_flag("--withdraw", options->withdraw, "Take the preference back");
    preferring->add_option("--by", options->person, "Your name")->required();

    add("agreement", "How much people agree on a run's episodes.", showAgreement)
        ->add_flag("--json", options->json, "JSON instead of text");

    CLI::App* exporting =
        add("export-labels", "People's verdicts as a file for [conformity] person_file or a source of kind \"human\".",
            exportLabels);
    exporting->add_option("--by", options->person, "Only this person's verdicts");
    exporting->add_option("-o,--output", options->file, "Write here instead of to the terminal");
}

} // namespace gradus::app
