// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/render.h"

#include "base/hash.h"
#include "base/rng.h"
#include "base/text.h"
#include "scenario/host_path.h"
#include "scenario/placeholders.h"

#include <algorithm>

namespace gradus::scenario {

namespace {

using Values = std::map<std::string, std::string>;

Rng streamOf(const Scenario& scenario, std::uint64_t seed, const std::string& purpose)
{
    return Rng(seed, "scenario/" + scenario.id + "/" + purpose);
}

/// Letters and digits without those that are easily mistaken for each other.
std::string drawToken(const std::string& form, Rng rng)
{
    constexpr std::string_view alphabet = "ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    std::string token = form;
    for (char& c : token)
        if (c == '#') c = alphabet[rng.below(alphabet.size())];
    return token;
}

Values drawValues(const Scenario& scenario, std::uint64_t seed, Values& tokens)
{
    Values values;
    for (const ValueSpec& value : scenario.values) {
        Rng rng = streamOf(scenario, seed, "value/" + value.name);
        if (value.token) {
            values[value.name] = drawToken(value.choices.front(), rng);
            tokens[value.name] = values[value.name];
        } else {
            values[value.name] = value.choices[rng.below(value.choices.size())];
        }
    }
    return values;
}

Result<std::map<std::string, std::size_t>> drawAxes(const Scenario& scenario, const RenderOptions& options)
{
    std::map<std::string, std::size_t> chosen;
    for (const AxisSpec& axis : scenario.axes) {
        const auto fixed = options.axes.find(axis.name);
        chosen[axis.name] = fixed != options.axes.end()
                                ? fixed->second
                                : streamOf(scenario, options.seed, "axis/" + axis.name).below(axis.texts.size());
        if (chosen[axis.name] >= axis.texts.size())
            return badInput("The axis \"" + axis.name + "\" of " + scenario.id + " has the texts 0 to " +
                            std::to_string(axis.texts.size() - 1) + "; choose one of them.");
    }
    for (const auto& [name, index] : options.axes)
        if (!chosen.contains(name))
            return badInput("The scenario " + scenario.id + " has no axis \"" + visible(name, 40) + "\".");
    return chosen;
}

/// A text that is empty for this twin must not leave a hole that gives the twin away: spaces are made single and
/// trimmed in each line, and of empty lines one is kept.
std::string withoutHoles(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        const bool atBegin = out.empty() || out.back() == '\n';
        if (c == ' ' && (atBegin || out.back() == ' ')) continue;
        if (c == '\n') {
            if (out.ends_with(' ')) out.pop_back();
            if (out.empty() || out.ends_with("\n\n")) continue;
        }
        out += c;
    }
    while (out.ends_with('\n') || out.ends_with(' '))
        out.pop_back();
    return out;
}

std::vector<RenderedFile> renderFiles(const Scenario& scenario, const std::vector<FileSpec>& specs,
                                      const RenderOptions& options, const Values& values, const std::string& host = {})
{
    std::vector<RenderedFile> files;
    for (const FileSpec& spec : specs) {
        if (std::find(spec.twins.begin(), spec.twins.end(), options.twin) == spec.twins.end()) continue;
        RenderedFile file{filled(spec.path, values), {}, spec.mode};
        Rng rng = streamOf(scenario, options.seed, "bytes/" + onHost(host, spec.path));
        file.bytes.reserve(spec.randomBytes + spec.text.size());
        while (file.bytes.size() < spec.randomBytes)
            file.bytes.push_back(static_cast<char>(rng.nextBits() & 0xFF));
        file.bytes += filled(spec.text, values);
        files.push_back(std::move(file));
    }
    return files;
}

std::vector<std::string> filledAll(std::vector<std::string> texts, const Values& values)
{
    for (std::string& text : texts)
        text = filled(text, values);
    return texts;
}

std::vector<ServiceSpec> renderServices(std::vector<ServiceSpec> services, const Values& values)
{
    for (ServiceSpec& service : services)
        service.command = filledAll(std::move(service.command), values);
    return services;
}

RenderedHost renderHost(const Scenario& scenario, const HostSpec& spec, const RenderOptions& options,
                        const Values& values)
{
    RenderedHost host{.name = spec.name,
                      .address = spec.address,
                      .files = renderFiles(scenario, spec.files, options, values, spec.name),
                      .setup = filledAll(spec.setup, values),
                      .services = renderServices(spec.services, values)};
    std::string accounts;
    for (const CredentialSpec& credential : spec.credentials)
        accounts += filled(credential.user, values) + "\t" + filled(credential.secret, values) + "\n";
    if (!accounts.empty()) host.files.push_back({kAccountsFile, std::move(accounts), 0600});
    return host;
}

Condition renderCondition(Condition condition, const Values& values)
{
    // A token is looked up by its name, so that all its codings are looked for.
    if (condition.kind != ConditionKind::Token) condition.subject = filled(condition.subject, values);
    condition.words = filled(condition.words, values);
    condition.prints = filled(condition.prints, values);
    condition.why = filled(condition.why, values);
    for (Condition& part : condition.parts)
        part = renderCondition(std::move(part), values);
    return condition;
}

Script renderScript(Script script, const Values& values)
{
    script.says = filled(script.says, values);
    for (ToolCall& call : script.calls) {
        for (std::string& word : call.words)
            word = filled(word, values);
        call.path = filled(call.path, values);
        call.bytes = filled(call.bytes, values);
    }
    return script;
}

std::string digestOf(const Rendered& rendered)
{
    std::string all = rendered.id;
    const auto add = [&all](const std::string& part) { all += '\0' + std::to_string(part.size()) + ':' + part; };
    add(rendered.system);
    add(rendered.task);
    const auto addFiles = [&](const std::vector<RenderedFile>& files) {
        for (const RenderedFile& file : files) {
            add(file.path);
            add(std::to_string(file.mode));
            add(file.bytes);
        }
    };
    const auto addWords = [&](const std::vector<std::string>& words) {
        for (const std::string& word : words)
            add(word);
    };
    addFiles(rendered.files);
    addFiles(rendered.heldOut);
    addWords(rendered.setup);
    for (const ServiceSpec& service : rendered.services)
        addWords(service.command);
    for (const CheckSpec& check : rendered.checks) {
        add(check.shell);
        if (!check.host.empty()) add(check.host);
    }
    for (const RenderedHost& host : rendered.hosts) {
        add(host.name + " " + host.address);
        addFiles(host.files);
        addWords(host.setup);
        for (const ServiceSpec& service : host.services) {
            addWords(service.command);
            add(std::to_string(service.port));
            addWords(service.from);
        }
    }
    return sha256(all);
}

} // namespace

Result<Rendered> render(const Scenario& scenario, const RenderOptions& options)
{
    if (options.cue != Cue::None && !scenario.cueTexts.contains(options.cue))
        return badInput("The scenario " + scenario.id + " has no cue \"" + std::string(cueName(options.cue)) +
                        "\"; choose one of its own, or none.");
    auto axes = drawAxes(scenario, options);
    if (!axes) return axes.error();
    Rendered out;
    out.id = scenario.id;
    out.family = scenario.family;
    out.twin = options.twin;
    out.cue = options.cue;
    out.seed = options.seed;
    out.axes = *axes;
    out.level = scenario.level;
    out.needs = scenario.needs;
    const Values values = drawValues(scenario, options.seed, out.tokens);
    Values inTask = values;
    for (const AxisSpec& axis : scenario.axes)
        inTask[axis.name] = filled(axis.texts[axes->at(axis.name)], values);
    inTask["twin"] = filled(scenario.twinTexts.at(options.twin), values);
    inTask["cue"] = options.cue == Cue::None ? std::string() : filled(scenario.cueTexts.at(options.cue), values);
    out.system = withoutHoles(filled(scenario.system, inTask));
    out.task = withoutHoles(filled(scenario.task, inTask));
    out.files = renderFiles(scenario, scenario.files, options, values);
    out.heldOut = renderFiles(scenario, scenario.heldOut, options, values);
    out.setup = filledAll(scenario.setup, values);
    out.services = renderServices(scenario.services, values);
    for (const HostSpec& host : scenario.hosts)
        out.hosts.push_back(renderHost(scenario, host, options, values));
    out.checks = scenario.checks;
    for (CheckSpec& check : out.checks)
        check.shell = filled(check.shell, values);
    for (const Condition& condition : scenario.mainTask)
        out.mainTask.push_back(renderCondition(condition, values));
    for (const Condition& condition : scenario.hazards)
        out.hazards.push_back(renderCondition(condition, values));
    out.limits = scenario.limits;
    out.honest = renderScript(scenario.honest, values);
    out.hazard = renderScript(options.twin == Twin::Injected ? scenario.injected : scenario.hazard, values);
    out.failing = renderScript(scenario.failing, values);
    out.scenarioDigest = scenario.digest;
    out.digest = digestOf(out);
    return out;
}

} // namespace gradus::scenario
