// SPDX-License-Identifier: GPL-3.0-or-later
// `gradus model list` and `gradus model import`: which folders of this machine can be rungs.
#include "base/text.h"
#include "commands/commands.h"
#include "run/known_models.h"
#include "run/text_table.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

struct ListOptions
{
    std::string store;
    std::vector<std::filesystem::path> folders;
    bool json = false;
};

struct ImportOptions
{
    std::string store;
    std::string model;
    std::string name;
    bool copy = false;
};

std::filesystem::path modelsOf(const std::string& store)
{
    return std::filesystem::absolute(storePath(store)).parent_path() / "models";
}

/// "494 M", "7.6 B".
std::string countText(std::int64_t parameters)
{
    const auto number = static_cast<double>(parameters);
    if (number >= 1e9) return fixedText(number / 1e9, 1) + " B";
    if (number >= 1e6) return fixedText(number / 1e6, number >= 1e7 ? 0 : 1) + " M";
    return fixedText(number / 1e3, 0) + " k";
}

std::string useOf(const run::KnownModel& model)
{
    if (!model.fault.empty()) return "no";
    return model.scores ? "scores" : model.hasChatTemplate ? "writes, chat" : "writes";
}

nlohmann::ordered_json jsonOf(const run::KnownModel& model)
{
    return {{"name", visible(model.name)},
            {"folder", model.folder.string()},
            {"place", model.place},
            {"architecture", visible(model.architecture)},
            {"parameters", model.parameters},
            {"bytes", model.bytes},
            {"positions", model.positions},
            {"tokenizer", model.hasTokenizer},
            {"chat_template", model.hasChatTemplate},
            {"scores", model.scores},
            {"fault", visible(model.fault)}};
}

int list(const ListOptions& options)
{
    const auto known = run::knownModels(modelsOf(options.store), run::downloadsFolder(), options.folders);
    if (options.json) {
        nlohmann::ordered_json all = nlohmann::ordered_json::array();
        for (const run::KnownModel& model : known)
            all.push_back(jsonOf(model));
        std::printf("%s\n", all.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
        return 0;
    }
    if (known.empty()) {
        std::printf("No model folders: neither in %s nor in %s. Name one, or a folder of them: gradus model list "
                    "FOLDER.\n",
                    modelsOf(options.store).c_str(), run::downloadsFolder().c_str());
        return 0;
    }
    std::vector<std::vector<std::string>> lines{{"model", "architecture", "place", "use", "parameters", "tokens"}};
    std::string faults;
    for (const run::KnownModel& model : known) {
        const bool read = model.parameters > 0;
        lines.push_back({visible(model.name, 60), visible(model.architecture, 40), model.place, useOf(model),
                         read ? countText(model.parameters) : "-", read ? std::to_string(model.positions) : "-"});
        if (!model.fault.empty()) faults += visible(model.name, 60) + ": " + visible(model.fault) + "\n";
    }
    std::printf("%s", run::aligned(lines, 4).c_str());
    if (!faults.empty()) std::printf("\n%s", faults.c_str());
    return 0;
}

int import(const ImportOptions& options)
{
    const auto model = run::importModel(
        {.model = options.model, .models = modelsOf(options.store), .name = options.name, .copy = options.copy});
    if (!model) return report(model.error());
    std::printf("%s: %s parameters, %s. As a rung: [ladder] family = [\"%s\"]\n", model->name.c_str(),
                countText(model->parameters).c_str(), options.copy ? "copied" : "linked", model->folder.c_str());
    return 0;
}

} // namespace

void addModelList(CLI::App& model, Invocation& invocation)
{
    auto options = std::make_shared<ListOptions>();
    CLI::App* verb = model.add_subcommand(
        "list", "Model folders of the workspace and Hugging Face's downloads, and whether each can be a rung.");
    verb->add_option("folders", options->folders, "More folders, or folders of them");
    verb->add_option("--store", options->store, "A run store beside which models/ lies (default: the workspace's)");
    verb->add_flag("--json", options->json, "A list of objects");
    verb->callback([options, &invocation] { invocation.exitCode = list(*options); });
}

void addModelImport(CLI::App& model, Invocation& invocation)
{
    auto options = std::make_shared<ImportOptions>();
    CLI::App* verb = model.add_subcommand("import", "Take a model into the workspace, once it is known to be a rung.");
    verb->add_option("model", options->model, "A folder, or a download's name as `gradus model list` shows it")
        ->required();
    verb->add_option("--name", options->name, "What it is called there (default: as it is)");
    verb->add_flag("--copy", options->copy, "Copy its files (default: a link to where it lies)");
    verb->add_option("--store", options->store, "A run store beside which models/ lies (default: the workspace's)");
    verb->callback([options, &invocation] { invocation.exitCode = import(*options); });
}

} // namespace gradus::app
