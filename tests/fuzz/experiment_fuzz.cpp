// SPDX-License-Identifier: GPL-3.0-or-later
// Experiment files: the canonical text of what parses reads back to itself, in every run of a sweep too; an edit of one
// key gives that key that value. Input: a file, and an assignment "key=value".
#include "fuzz.h"

#include "spec/experiment.h"
#include "spec/keys.h"
#include "spec/toml_tree.h"

#include <algorithm>

using namespace gradus;

namespace {

constexpr std::size_t kMostRuns = 4; ///< of a sweep: they differ in little

void expectReadsBack(const spec::Experiment& experiment)
{
    const std::string text = spec::canonicalToml(experiment);
    const auto again = spec::parseExperiment(text, "canonical.toml");
    fuzz::expect(again.ok(), "the canonical form is an experiment", again ? text : again.error().message + "\n" + text);
    fuzz::expect(spec::canonicalToml(*again) == text, "the canonical form is one", text);
    fuzz::expect(spec::hashOf(*again) == spec::hashOf(experiment), "equal experiments have equal names", text);
}

/// The key's value, written with its dots in quotes (as [sweep] has it) or as tables in tables.
const spec::Node* valueAt(const spec::Node& table, std::string_view key)
{
    if (const spec::Member* member = table.find(key)) return &member->value;
    const std::size_t dot = key.find('.');
    const spec::Member* outer = dot == std::string_view::npos ? nullptr : table.find(key.substr(0, dot));
    return outer == nullptr ? nullptr : valueAt(outer->value, key.substr(dot + 1));
}

void edit(const std::string& toml, std::string_view assignment)
{
    const std::size_t equals = std::min(assignment.find('='), assignment.size());
    const std::string key(assignment.substr(0, equals));
    const std::string value(assignment.substr(std::min(equals + 1, assignment.size())));
    const auto wanted = spec::parseTomlValue(value);
    const auto edited = spec::editToml(toml, key, value);
    if (fuzz::isRead(edited)) {
        fuzz::expect(wanted.ok(), "what is set is a value", value);
        const auto root = spec::parseToml(*edited);
        fuzz::expect(root.ok(), "an edited file is TOML", *edited);
        const spec::Node* node = valueAt(*root, key);
        fuzz::expect(node != nullptr, "an edited file has the key", *edited);
        fuzz::expect(spec::textOf(*node) == spec::textOf(*wanted), "an edited file has the value", *edited);
        const auto twice = spec::editToml(*edited, key, value);
        fuzz::expect(twice.ok() && *twice == *edited, "the same edit again changes nothing", *edited);
    }
    const auto overridden = spec::withOverride(toml, std::string(assignment));
    if (fuzz::isRead(overridden))
        fuzz::expect(spec::parseToml(*overridden).ok(), "an overridden file is TOML", *overridden);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto parts = fuzz::partsOf(fuzz::textOf(data, size), 2);
    const std::string toml(parts[0]);
    const auto experiment = spec::parseExperiment(toml, "e.toml");
    if (fuzz::isRead(experiment)) {
        if (experiment->sweep.empty() && experiment->conditions.empty()) expectReadsBack(*experiment);
        const auto runs = spec::expand(*experiment);
        fuzz::expect(runs.ok(), "a file that was checked can be expanded", toml);
        for (std::size_t i = 0; i < std::min(runs->size(), kMostRuns); ++i)
            expectReadsBack((*runs)[i].experiment);
    }
    if (!parts[1].empty()) edit(toml, parts[1]);
    return 0;
}
