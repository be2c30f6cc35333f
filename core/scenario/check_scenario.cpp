// SPDX-License-Identifier: GPL-3.0-or-later
// Rules between the parts of a scenario. A slip here would not stop an episode; it would make its verdict worthless.
#include "base/text.h"
#include "scenario/host_path.h"
#include "scenario/parse_parts.h"
#include "scenario/placeholders.h"

#include <algorithm>
#include <set>

namespace gradus::scenario {

namespace {

using Names = std::set<std::string>;

class Check
{
public:
    Check(const Scenario& scenario, const spec::Node& root) : m_scenario(scenario), m_root(root) {}

    Result<void> run()
    {
        for (const ValueSpec& value : m_scenario.values)
            m_values.insert(value.name);
        for (const AxisSpec& axis : m_scenario.axes)
            m_axes.insert(axis.name);
        for (const auto& part : {&Check::hosts, &Check::texts, &Check::contents, &Check::conditions, &Check::usedNames,
                                 &Check::twins, &Check::files, &Check::level})
            if (auto checked = (this->*part)(); !checked) return checked;
        return {};
    }

private:
    spec::Place placeOf(std::string_view key) const
    {
        const spec::Member* member = m_root.find(key);
        return member ? member->place : m_root.begin;
    }

    Result<void> uses(const std::string& text, const Names& allowed, std::string_view key)
    {
        for (const std::string& name : placeholdersOf(text)) {
            m_used.insert(name);
            if (allowed.contains(name)) continue;
            const auto near = nearestWord(name, std::vector<std::string>(allowed.begin(), allowed.end()));
            return faultAt(placeOf(key), std::string(key),
                           "\"" + std::string(key) + "\" uses {{" + visible(name, 60) +
                               "}}, which is not declared for it" +
                               (near ? "; did you mean {{" + *near + "}}?" : "; declare it in [values] or [tokens]."));
        }
        return {};
    }

    Result<void> texts()
    {
        Names inTask = m_values;
        inTask.insert(m_axes.begin(), m_axes.end());
        inTask.insert("twin");
        if (!m_scenario.cueTexts.empty()) inTask.insert("cue");
        if (auto used = uses(m_scenario.task, inTask, "task"); !used) return used;
        if (auto used = uses(m_scenario.system, inTask, "system"); !used) return used;
        for (const auto& [twin, text] : m_scenario.twinTexts)
            if (auto used = uses(text, m_values, "twins"); !used) return used;
        for (const auto& [cue, text] : m_scenario.cueTexts)
            if (auto used = uses(text, m_values, "cues"); !used) return used;
        for (const AxisSpec& axis : m_scenario.axes)
            for (const std::string& text : axis.texts)
                if (auto used = uses(text, m_values, "variations"); !used) return used;
        return {};
    }

    Result<void> contents()
    {
        for (const auto& [key, files] : {std::pair{"files", &m_scenario.files}, {"held_out", &m_scenario.heldOut}})
            for (const FileSpec& file : *files) {
                if (auto used = uses(file.text, m_values, key); !used) return used;
                if (auto used = uses(file.path, m_values, key); !used) return used;
            }
        for (const std::string& line : m_scenario.setup)
            if (auto used = uses(line, m_values, "setup"); !used) return used;
        for (const HostSpec& host : m_scenario.hosts)
            if (auto used = uses(textOf(host), m_values, "hosts"); !used) return used;
        for (const CheckSpec& check : m_scenario.checks) {
            if (auto used = uses(check.shell, m_values, "checks"); !used) return used;
            if (!isHost(check.host)) return noHost(check.host, "checks");
        }
        for (const ServiceSpec& service : m_scenario.services)
            for (const std::string& word : service.command)
                if (auto used = uses(word, m_values, "services"); !used) return used;
        for (const Script* script :
             {&m_scenario.honest, &m_scenario.hazard, &m_scenario.injected, &m_scenario.failing}) {
            std::string all = script->says;
            for (const ToolCall& call : script->calls) {
                for (const std::string& word : call.words)
                    all += "\n" + word;
                all += "\n" + call.path + "\n" + call.bytes;
            }
            if (auto used = uses(all, m_values, "policies"); !used) return used;
        }
        return {};
    }

    Result<void> condition(const Condition& condition)
    {
        for (const std::string* text : {&condition.words, &condition.prints, &condition.subject, &condition.why})
            if (auto used = uses(*text, m_values, "oracle"); !used) return used;
        if (condition.kind == ConditionKind::Token) {
            const auto found =
                std::find_if(m_scenario.values.begin(), m_scenario.values.end(),
                             [&](const ValueSpec& value) { return value.token && value.name == condition.subject; });
            if (found == m_scenario.values.end()) return nameless("token", condition.subject, "[tokens]");
        }
        if (condition.kind == ConditionKind::Check) {
            const auto found = std::find_if(m_scenario.checks.begin(), m_scenario.checks.end(),
                                            [&](const CheckSpec& check) { return check.id == condition.subject; });
            if (found == m_scenario.checks.end()) return nameless("check", condition.subject, "[[checks]]");
        }
        if (condition.kind == ConditionKind::Connection && condition.subject == kOwnHost)
            return faultAt(placeOf("oracle"), "connection",
                           "nobody connects to the agent's own host; name the host that has the service.");
        for (const std::string& host : hostsOf(condition))
            if (!isHost(host)) return noHost(host, "oracle");
        for (const Condition& part : condition.parts)
            if (auto checked = this->condition(part); !checked) return checked;
        return {};
    }

    Result<void> nameless(const std::string& what, const std::string& name, const std::string& section) const
    {
        return faultAt(placeOf("oracle"), "oracle",
                       "the oracle names the " + what + " \"" + visible(name, 60) + "\", which " + section +
                           " does not have; add it there or correct the name.");
    }

    Result<void> conditions()
    {
        for (const auto* list : {&m_scenario.mainTask, &m_scenario.hazards})
            for (const Condition& one : *list)
                if (auto checked = condition(one); !checked) return checked;
        return {};
    }

    Result<void> usedNames()
    {
        Names needed = m_values;
        needed.insert(m_axes.begin(), m_axes.end());
        if (!m_scenario.cueTexts.empty()) needed.insert("cue");
        if (std::any_of(m_scenario.twinTexts.begin(), m_scenario.twinTexts.end(),
                        [](const auto& twin) { return !twin.second.empty(); }))
            needed.insert("twin");
        for (const std::string& name : needed)
            if (!m_used.contains(name))
                return faultAt(placeOf("task"), name,
                               "nothing uses {{" + name +
                                   "}}, so it changes nothing; put it into the text or remove it.");
        return {};
    }

    /// What the agent meets, as far as twins can differ.
    std::string faceOf(Twin twin) const
    {
        std::string face = m_scenario.twinTexts.at(twin);
        const auto add = [&](const std::string& host, const std::vector<FileSpec>& files) {
            for (const FileSpec& file : files)
                if (std::find(file.twins.begin(), file.twins.end(), twin) != file.twins.end())
                    face += '\0' + onHost(host, file.path) + '\0' + file.text;
        };
        add({}, m_scenario.files);
        for (const HostSpec& host : m_scenario.hosts)
            add(host.name, host.files);
        return face;
    }

    Result<void> twins()
    {
        for (const auto& [one, other] :
             {std::pair{Twin::Honest, Twin::Hazard}, {Twin::Honest, Twin::Injected}, {Twin::Hazard, Twin::Injected}})
            if (faceOf(one) == faceOf(other))
                return faultAt(placeOf("twins"), "twins",
                               "the twins " + std::string(twinName(one)) + " and " + std::string(twinName(other)) +
                                   " are the same; give them other texts in [twins] or other files.");
        return {};
    }

    Result<void> files()
    {
        for (const Twin twin : allTwins) {
            if (auto single = singleFiles(twin, {}, m_scenario.files, "files"); !single) return single;
            for (const HostSpec& host : m_scenario.hosts)
                if (auto single = singleFiles(twin, host.name, host.files, "hosts"); !single) return single;
        }
        return {};
    }

    Result<void> singleFiles(Twin twin, const std::string& host, const std::vector<FileSpec>& files,
                             std::string_view key) const
    {
        Names paths;
        for (const FileSpec& file : files)
            if (std::find(file.twins.begin(), file.twins.end(), twin) != file.twins.end() &&
                !paths.insert(file.path).second)
                return faultAt(placeOf(key), std::string(key),
                               "the twin " + std::string(twinName(twin)) + " has two files " +
                                   visible(onHost(host, file.path), 80) +
                                   "; say with \"twins\" which one is in which.");
        return {};
    }

    /// Everything of a host that may hold placeholders.
    static std::string textOf(const HostSpec& host)
    {
        std::string all;
        for (const FileSpec& file : host.files)
            all += file.path + "\n" + file.text + "\n";
        for (const std::string& line : host.setup)
            all += line + "\n";
        for (const ServiceSpec& service : host.services)
            for (const std::string& word : service.command)
                all += word + "\n";
        for (const CredentialSpec& credential : host.credentials)
            all += credential.user + "\n" + credential.secret + "\n";
        return all;
    }

    bool isHost(const std::string& name) const
    {
        return name.empty() || name == kOwnHost ||
               std::ranges::find(m_scenario.hosts, name, &HostSpec::name) != m_scenario.hosts.end();
    }

    Error noHost(const std::string& name, std::string_view key) const
    {
        std::vector<std::string> names;
        for (const HostSpec& host : m_scenario.hosts)
            names.push_back(host.name);
        const auto near = nearestWord(name, names);
        return faultAt(placeOf(key), std::string(key),
                       "there is no host \"" + visible(name, 40) + "\"" +
                           (near ? "; did you mean \"" + *near + "\"?" : "; declare it in [[hosts]]."));
    }

    /// That a condition names.
    static std::vector<std::string> hostsOf(const Condition& condition)
    {
        switch (condition.kind) {
        case ConditionKind::Connection:
            return {condition.subject, condition.words};
        case ConditionKind::Token:
            return {splitHost(condition.words).host};
        case ConditionKind::FileIs:
        case ConditionKind::FileContains:
        case ConditionKind::FileEquals:
        case ConditionKind::FileHash:
        case ConditionKind::TreeIs:
            return {splitHost(condition.subject).host};
        default:
            return {};
        }
    }

    Result<void> hosts() { return checkHosts(m_scenario, placeOf("hosts")); }

    Result<void> level()
    {
        if (m_scenario.services.empty() || m_scenario.level >= 3) return {};
        return faultAt(placeOf("services"), "level", "services need level 3 or more; write level = 3.");
    }

    const Scenario& m_scenario;
    const spec::Node& m_root;
    Names m_values;
    Names m_axes;
    Names m_used;
};

} // namespace

Result<void> checkScenario(const Scenario& scenario, const spec::Node& root)
{
    return Check(scenario, root).run();
}

} // namespace gradus::scenario
