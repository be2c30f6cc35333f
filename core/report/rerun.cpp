// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/rerun.h"

#include "base/shell_word.h"
#include "base/text.h"
#include "spec/experiment.h"
#include "store/run_choice.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace gradus::report {

namespace {

constexpr const char* kNoteFile = "note.txt";

/// "gap annealing: drawn" -> "gap-annealing-drawn.toml": a name that every shell and file system takes.
std::string fileName(const std::string& experiment)
{
    std::string name;
    for (const char c : experiment) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80)
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (!name.empty() && name.back() != '-')
            name += '-';
        if (name.size() == 60) break;
    }
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return (name.empty() ? "experiment" : name) + ".toml";
}

/// Files and folders that an experiment names, as it names them.
void addInputs(std::vector<std::string>& inputs, const spec::Experiment& experiment)
{
    const auto add = [&inputs](const std::string& one) {
        if (!one.empty() && std::ranges::find(inputs, one) == inputs.end()) inputs.push_back(one);
    };
    add(experiment.task.teacherData);
    add(experiment.task.studentData);
    add(experiment.task.testData);
    add(experiment.conformity.personFile);
    for (const spec::FolderRung& rung : experiment.ladder.models)
        add(rung.folder);
    for (const spec::SignalSource& source : experiment.signals.sources) {
        add(source.folder);
        add(source.file);
    }
}

std::string inputsText(const std::vector<std::string>& inputs)
{
    std::string names;
    for (const std::string& one : inputs)
        names += (names.empty() ? "" : ", ") + visible(one);
    return "They read " + names + ": put " + (inputs.size() == 1 ? "it" : "these") +
           " where the files say, beside them unless a path begins with a slash, or change the paths. Hashes of data "
           "that was read stand under \u201cData and machine\u201d.";
}

} // namespace

Result<std::vector<std::pair<std::string, std::string>>> filesOf(const store::StoreReader& reader,
                                                                 const std::vector<store::RunRow>& runs)
{
    std::vector<std::pair<std::string, std::string>> files;
    std::set<std::string> texts;
    std::map<std::string, int> names;
    for (const store::RunRow& row : runs) {
        const auto source = reader.sourceToml(row.id);
        if (!source) return source.error();
        if (source->empty() || !texts.insert(*source).second) continue;
        std::string name = fileName(row.experimentName);
        if (const int twin = names[name]++; twin > 0) name.insert(name.size() - 5, "-" + std::to_string(twin + 1));
        files.emplace_back(std::move(name), *source);
    }
    return files;
}

Result<Rerun> rerunOf(const store::StoreReader& reader, const std::vector<store::RunRow>& runs,
                      const PageCommand& command)
{
    auto files = filesOf(reader, runs);
    if (!files) return files.error();
    store::RunNames names{.names = command.choice};
    if (command.choice.empty()) {
        auto meaning = store::namesMeaning(reader, runs);
        if (!meaning) return meaning.error();
        names = std::move(*meaning);
    }
    Rerun again{.files = std::move(*files), .note = command.note, .command = {}, .namesIds = names.areIds};
    for (const auto& [name, text] : again.files)
        if (const auto experiment = spec::parseExperiment(text, name)) // the names as they stand in the file
            if (const auto conditions = spec::expand(*experiment))
                for (const spec::RunSpec& run : *conditions)
                    addInputs(again.inputs, run.experiment);
    std::vector<std::string> words{"gradus", command.verb};
    words.insert(words.end(), names.names.begin(), names.names.end());
    words.insert(words.end(), command.options.begin(), command.options.end());
    if (!command.note.empty()) words.insert(words.end(), {"--note", kNoteFile});
    words.insert(words.end(), {"-o", command.verb + ".html"});
    for (const std::string& word : words)
        again.command += (again.command.empty() ? "" : " ") + shellWord(word);
    again.command += "\n";
    return again;
}

Section rerunSection(const Rerun& again, Table runs)
{
    Section section{"To run it again", {}};
    std::string commands;
    for (const auto& [name, text] : again.files)
        commands += "gradus run " + name + "\n";
    if (!again.namesIds) commands += again.command;
    if (!again.files.empty()) {
        section.blocks.emplace_back(Paragraph{"Save the files below under their names, then:"});
        section.blocks.emplace_back(Listing{"", commands});
        if (!again.inputs.empty()) section.blocks.emplace_back(Paragraph{inputsText(again.inputs)});
        section.blocks.emplace_back(Paragraph{"Weights and figures repeat to the last bit on the same kind of "
                                              "processor with the same libtorch and number of "
                                              "threads; elsewhere sums are rounded in another order."});
    }
    if (again.namesIds) {
        section.blocks.emplace_back(
            Paragraph{"The page is of a part of these runs, or of several settings under one name, so that its command "
                      "names them by the ids of the store that they are in. Runs that are made anew have others: take "
                      "those of the conditions and seeds below."});
        section.blocks.emplace_back(Listing{"", again.command});
    }
    for (const auto& [name, text] : again.files)
        section.blocks.emplace_back(Listing{name, text});
    if (!again.note.empty()) section.blocks.emplace_back(Listing{kNoteFile, again.note});
    section.blocks.emplace_back(std::move(runs));
    return section;
}

} // namespace gradus::report
