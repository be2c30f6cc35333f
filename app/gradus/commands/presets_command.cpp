// SPDX-License-Identifier: GPL-3.0-or-later
// `gradus presets`: what the Design page's menu of presets does, without the window.
#include "base/files.h"
#include "base/text.h"
#include "commands/commands.h"
#include "schedule/presets.h"
#include "spec/curve_place.h"
#include "spec/preset_library.h"
#include "store/store_path.h"

#include <cstdio>
#include <functional>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

constexpr std::size_t kLargestExperiment = std::size_t{1} << 20;

struct PresetArguments
{
    std::string name;
    std::string to; ///< another name, or a file
    std::string experiment;
    spec::CurvePlace place;
    bool replace = false;
    bool stretch = false;
    bool json = false;
};

int concluded(const Result<void>& done, const std::string& sentence)
{
    if (!done) return report(done.error());
    std::printf("%s\n", sentence.c_str());
    return 0;
}

int list(const spec::PresetLibrary& library, const PresetArguments& arguments)
{
    const auto own = library.list();
    if (arguments.json) {
        nlohmann::json all = nlohmann::json::array();
        for (const schedule::NamedPreset& known : schedule::builtInPresets())
            all.push_back({{"name", known.name}, {"from", "built-in"}});
        for (const spec::ListedPreset& one : own) {
            nlohmann::json row{{"name", visible(one.name)}, {"from", "saved"}, {"file", one.file.string()}};
            if (one.preset)
                row["drawn_for"] = one.preset->drawnFor;
            else
                row["problem"] = visible(one.problem, 1000);
            all.push_back(std::move(row));
        }
        std::printf("%s\n", all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
        return 0;
    }
    std::printf("Saved in %s:\n", library.folder().c_str());
    for (const spec::ListedPreset& one : own) {
        const std::string about = one.preset ? counted(one.preset->curve.keys.size(), "key") +
                                                   (one.preset->drawnFor.empty() ? "" : ", " + one.preset->drawnFor)
                                             : "not usable: " + one.problem;
        std::printf("  %s: %s\n", visible(one.name).c_str(), visible(about, 1000).c_str());
    }
    if (own.empty()) std::printf("  none\n");
    std::printf("Built-in:\n");
    for (const schedule::NamedPreset& known : schedule::builtInPresets())
        std::printf("  %s\n", known.name);
    return 0;
}

int show(const spec::PresetLibrary& library, const PresetArguments& arguments)
{
    const auto found = library.find(arguments.name);
    if (!found) return report(found.error());
    if (!arguments.to.empty())
        return concluded(library.exportTo(arguments.name, arguments.to), "Wrote " + arguments.to + ".");
    std::printf("%s", spec::presetToml(*found->preset).c_str());
    return 0;
}

int save(const spec::PresetLibrary& library, const PresetArguments& arguments)
{
    const auto text = readFile(arguments.experiment, kLargestExperiment);
    if (!text) return report(text.error());
    const auto curve = spec::curveAt(*text, arguments.place, arguments.experiment);
    if (!curve) return report(curve.error());
    const std::string drawnFor = arguments.place.key.empty() ? "weight of a source" : arguments.place.key;
    const auto saved = library.save({arguments.name, drawnFor, *curve}, arguments.replace);
    if (!saved) return report(saved.error());
    std::printf("Saved \"%s\" as %s.\n", arguments.name.c_str(), saved->c_str());
    return 0;
}

/// The preset as it would stand in place of `present`.
Result<schedule::Curve> chosenCurve(const spec::PresetLibrary& library, const PresetArguments& arguments,
                                    const schedule::Curve& present)
{
    if (const auto builtIn = schedule::presetNamed(arguments.name))
        return schedule::presetCurve(*builtIn, present.keys.front().y, present.keys.back().y);
    const auto found = library.find(arguments.name);
    if (!found) return found.error();
    if (!arguments.stretch) return found->preset->curve;
    return schedule::stretchedTo(found->preset->curve, schedule::extentOf(present));
}

int apply(const spec::PresetLibrary& library, const PresetArguments& arguments)
{
    const auto text = readFile(arguments.experiment, kLargestExperiment);
    if (!text) return report(text.error());
    const auto present = spec::curveAt(*text, arguments.place, arguments.experiment);
    if (!present) return report(present.error());
    const auto curve = chosenCurve(library, arguments, *present);
    if (!curve) return report(curve.error());
    const auto edited = spec::withCurveAt(*text, arguments.place, *curve, arguments.experiment);
    if (!edited) return report(edited.error());
    return concluded(writeFileAtomically(arguments.experiment, *edited),
                     "Wrote " + arguments.experiment + " with the preset \"" + arguments.name + "\".");
}

} // namespace

void addPresets(CLI::App& app, Invocation& invocation)
{
    CLI::App* verb = app.add_subcommand("presets", "Curves saved under a name, for every experiment of yours.");
    verb->require_subcommand(1);
    auto arguments = std::make_shared<PresetArguments>();
    using Act = std::function<int(const spec::PresetLibrary&, const PresetArguments&)>;
    const auto add = [&](const char* name, const char* help, const Act& act) {
        CLI::App* sub = verb->add_subcommand(name, help);
        sub->callback([arguments, act, &invocation] {
            const auto folder = store::presetFolder();
            invocation.exitCode = folder ? act(spec::PresetLibrary(*folder), *arguments) : report(folder.error());
        });
        return sub;
    };
    const auto named = [&](CLI::App* sub) {
        sub->add_option("name", arguments->name, "Name of the preset")->required();
        return sub;
    };
    const auto placed = [&](CLI::App* sub) {
        CLI::Option* key = sub->add_option("--key", arguments->place.key, "Key of the curve, like gap.curve");
        sub->add_option("--source", arguments->place.source, "The weight of this source instead")->excludes(key);
    };
    const auto whole = [arguments](const Act& act) {
        return [act](const spec::PresetLibrary& library, const PresetArguments& given) {
            PresetArguments filled = given;
            if (filled.place.key.empty() && filled.place.source.empty()) filled.place.key = "gap.curve";
            return act(library, filled);
        };
    };
    add("list", "What there is, and what cannot be used with the reason.", list)
        ->add_flag("--json", arguments->json, "JSON instead of text");
    named(add("show", "Print a saved preset, or export it to a file.", show))
        ->add_option("-o,--output", arguments->to, "Write its file there");
    CLI::App* saving = named(add("save", "Save a curve of an experiment under a name.", whole(save)));
    saving->add_option("experiment", arguments->experiment, "Experiment file")->required();
    placed(saving);
    saving->add_flag("--replace", arguments->replace, "Replace the preset of that name");
    CLI::App* applying = named(add("apply", "Put a preset, saved or built-in, into an experiment.", whole(apply)));
    applying->add_option("experiment", arguments->experiment, "Experiment file")->required();
    placed(applying);
    applying->add_flag("--stretch", arguments->stretch,
                       "Between the lowest and the highest value of the curve that is there");
    named(add("rename", "Give a saved preset another name.",
              [](const auto& library, const auto& given) {
                  return concluded(library.rename(given.name, given.to),
                                   "\"" + given.name + "\" is \"" + given.to + "\" now.");
              }))
        ->add_option("to", arguments->to, "The new name")
        ->required();
    named(
        add("remove", "Put a saved preset aside; restore brings it back.", [](const auto& library, const auto& given) {
            const auto gone = library.remove(given.name);
            if (!gone) return report(gone.error());
            std::printf("Put aside as %s; bring it back with: gradus presets restore \"%s\"\n", gone->c_str(),
                        given.name.c_str());
            return 0;
        }));
    named(add("restore", "Bring back what was removed last under a name.", [](const auto& library, const auto& given) {
        return concluded(library.restore(given.name), "\"" + given.name + "\" is back.");
    }));
    add("import", "Take over a preset's file; a name that is taken gets a number.",
        [](const auto& library, const auto& given) {
            const auto name = library.import(given.to);
            if (!name) return report(name.error());
            std::printf("Imported as \"%s\".\n", name->c_str());
            return 0;
        })
        ->add_option("file", arguments->to, "A preset's file")
        ->required();
}

} // namespace gradus::app
