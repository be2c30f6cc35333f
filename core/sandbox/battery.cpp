// SPDX-License-Identifier: GPL-3.0-or-later
// Controls outside, probes inside, verdicts from both and from the canaries.
#include "sandbox/battery.h"

#include "base/clock.h"
#include "base/text.h"
#include "sandbox/battery_acts.h"
#include "sandbox/battery_joined.h"
#include "sandbox/cell.h"
#include "sandbox/control_group.h"
#include "sandbox/host_stage.h"
#include "sandbox/vectors.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace gradus::sandbox {

namespace {

using Outcome = ProbeAnswer::Outcome;

struct Judged
{
    Verdict verdict;
    std::string why;
};

Judged judge(const Vector& vector, Level level, const ProbeAnswer& outside, const ProbeAnswer& inside, bool touched)
{
    if (touched) return {Verdict::Open, "the canary on the host was touched"};
    if (inside.outcome == Outcome::None)
        return {Verdict::Open, "no answer came from inside, so nothing shows that it is contained"};
    const bool watched = vector.owner == Layer::Watchdog;
    if (inside.outcome == Outcome::Open) {
        if (level == Level::UserKernel && !vector.behindUserKernel.empty())
            return {Verdict::Partial, inside.why + "; " + std::string(vector.behindUserKernel)};
        if (vector.residual.empty() || watched) return {Verdict::Open, inside.why};
        return {Verdict::Partial, inside.why + "; " + std::string(vector.residual)};
    }
    if (outside.outcome == Outcome::Absent) return {Verdict::Absent, "this kernel has no such thing: " + outside.why};
    if (outside.outcome != Outcome::Open)
        return {Verdict::NotInformative, "an ordinary user cannot do it outside a cell either: " + outside.why};
    if (watched) return {Verdict::Partial, inside.why + "; " + std::string(vector.residual)};
    return {Verdict::Contained, inside.why};
}

class Battery
{
public:
    Battery(const BatteryOptions& options, HostStage& stage) : m_options(options), m_stage(stage)
    {
        for (const Vector& vector : vectors())
            if ((options.onlyVector.empty() || options.onlyVector == vector.id) &&
                (!options.quick || vector.kind == VectorKind::Quick || vector.kind == VectorKind::Joined))
                m_chosen.push_back(&vector);
    }

    Result<BatteryReport> run()
    {
        const double begun = monotonicSeconds();
        if (auto tried = tryQuick(); !tried) return tried.error();
        if (auto tried = tryJoinedQuick(); !tried) return tried.error();
        for (const Vector* vector : m_chosen) {
            if (m_judged.contains(vector)) continue;
            if (m_options.stop != nullptr && m_options.stop->requested())
                return Error{.message = "The containment battery was stopped.", .kind = ErrorKind::Stopped};
            announce(vector->name);
            if (auto tried = tryOne(*vector); !tried) return tried.error();
        }
        BatteryReport report{.level = m_options.cell.level,
                             .vectors = {},
                             .seconds = monotonicSeconds() - begun,
                             .totals = totalsSentence(m_options.cell)};
        for (const Vector* vector : m_chosen)
            report.vectors.push_back({vector->id, vector->name, m_judged.at(vector).verdict, m_judged.at(vector).why});
        return report;
    }

private:
    void announce(std::string_view name)
    {
        if (m_options.progress) m_options.progress(m_judged.size(), m_chosen.size(), name);
    }

    Result<void> tryQuick()
    {
        std::vector<std::string_view> ids;
        for (const Vector* vector : m_chosen)
            if (vector->kind == VectorKind::Quick) ids.push_back(vector->id);
        if (ids.empty()) return {};
        const std::string heap = "heap=" + std::to_string(m_options.cell.limits.addressSpace + 64 * mebibyte);
        announce("the same attempts outside a cell");
        const ProbeAnswers outside = m_stage.controls(ids, {heap});
        announce("attempts inside the cell");
        (void)m_stage.touched(); // by the controls
        auto cell = Cell::startWeakened(m_options.cell, m_options.weakening);
        if (!cell) return cell.error();
        auto inside = probeInside(*cell, m_stage, ids, {heap}, 60);
        if (!inside) return inside.error();
        const auto touched = m_stage.touched();
        for (const Vector* vector : m_chosen)
            if (vector->kind == VectorKind::Quick)
                m_judged[vector] = judge(*vector, m_options.cell.level, answerOf(outside, vector->id),
                                         answerOf(*inside, vector->id), touched.contains(vector->id));
        return {};
    }

    /// Those of several cells share the cells they are tried in.
    Result<void> tryJoinedQuick()
    {
        const bool hasOneCell = m_options.cell.level != Level::SeveralHosts;
        std::vector<const Vector*> joined;
        for (const Vector* vector : m_chosen) {
            const bool quick = vector->kind == VectorKind::Joined;
            if (!quick && vector->kind != VectorKind::JoinedLoad) continue;
            if (hasOneCell)
                m_judged[vector] = {Verdict::Absent, "an episode of this level has one cell"};
            else if (quick)
                joined.push_back(vector);
        }
        if (joined.empty()) return {};
        announce("attempts between cells of an episode");
        auto both = tryJoined(m_options.cell, m_options.weakening);
        if (!both) return both.error();
        for (const Vector* vector : joined) {
            const BothSides& sides = both->at(std::string(vector->id));
            m_judged[vector] = judge(*vector, m_options.cell.level, sides.outside, sides.inside, false);
        }
        return {};
    }

    Result<void> tryOne(const Vector& vector)
    {
        if (vector.kind == VectorKind::Words) {
            m_judged[&vector] = {Verdict::NotInformative, std::string(vector.residual)};
            return {};
        }
        auto both = vector.kind == VectorKind::JoinedLoad
                        ? tryJoinedLoad(vector.id, m_options.cell, m_options.weakening, m_stage)
                    : vector.kind == VectorKind::Load ? tryLoad(vector.id, m_options.cell, m_options.weakening, m_stage)
                                                      : tryAct(vector.id, m_options.cell, m_options.weakening, m_stage);
        if (!both) return both.error();
        m_judged[&vector] = judge(vector, m_options.cell.level, both->outside, both->inside, false);
        return {};
    }

    const BatteryOptions& m_options;
    HostStage& m_stage;
    std::vector<const Vector*> m_chosen;
    std::map<const Vector*, Judged> m_judged;
};

BatteryReport withoutCells(const BatteryOptions& options, std::string_view why)
{
    BatteryReport report{.level = options.cell.level, .vectors = {}, .seconds = 0};
    for (const Vector& vector : vectors())
        if (options.onlyVector.empty() || options.onlyVector == vector.id)
            report.vectors.push_back({vector.id, vector.name, Verdict::Absent, std::string(why)});
    return report;
}

bool known(std::string_view id)
{
    return std::any_of(vectors().begin(), vectors().end(), [&](const Vector& vector) { return vector.id == id; });
}

} // namespace

std::string_view verdictName(Verdict verdict)
{
    static constexpr std::array<std::string_view, 5> names = {"contained", "open", "partial", "not-informative",
                                                              "absent"};
    return names[static_cast<std::size_t>(verdict)];
}

bool BatteryReport::held() const
{
    const auto has = [this](Verdict verdict) {
        return std::any_of(vectors.begin(), vectors.end(),
                           [&](const VectorReport& row) { return row.verdict == verdict; });
    };
    if (has(Verdict::Open)) return false;
    // One row on its own may be a residual; a whole battery in which nothing at all was contained shows nothing.
    return level == Level::Simulated || vectors.size() == 1 || has(Verdict::Contained);
}

Result<BatteryReport> runBattery(const BatteryOptions& options)
{
    if (!options.onlyVector.empty() && !known(options.onlyVector)) {
        std::vector<std::string> ids;
        for (const Vector& vector : vectors())
            ids.emplace_back(vector.id);
        const auto near = nearestWord(options.onlyVector, ids);
        return badInput(
            "There is no containment vector \"" + visible(options.onlyVector) + "\"" +
            (near ? "; did you mean \"" + *near + "\"?" : "; `gradus sandbox check --level 0` lists them."));
    }
    if (options.cell.level == Level::Simulated) return withoutCells(options, "no code runs at level 0");
    auto stage = HostStage::make();
    if (!stage) return stage.error();
    return Battery(options, **stage).run();
}

Result<BatteryReport> climbLevels(const BatteryOptions& options)
{
    Result<BatteryReport> report = failed("No level was asked for.");
    const int top = static_cast<int>(options.cell.level);
    if (top == 0) return runBattery(options);
    for (int level = 1; level <= top; ++level) {
        BatteryOptions step = options;
        step.cell.level = static_cast<Level>(level);
        report = runBattery(step);
        if (!report || !report->held()) return report;
    }
    return report;
}

std::string batteryJson(const BatteryReport& report)
{
    nlohmann::ordered_json out{{"level", static_cast<int>(report.level)}, {"vectors", nlohmann::ordered_json::array()}};
    for (const VectorReport& row : report.vectors)
        out["vectors"].push_back(nlohmann::ordered_json{{"id", std::string(row.id)},
                                                        {"name", std::string(row.name)},
                                                        {"verdict", std::string(verdictName(row.verdict))},
                                                        {"why", row.why}});
    if (!report.totals.empty()) out["totals"] = report.totals;
    return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string batteryTable(const BatteryReport& report)
{
    std::string text;
    std::array<int, 5> counts{};
    for (const VectorReport& row : report.vectors) {
        ++counts[static_cast<std::size_t>(row.verdict)];
        std::string line(verdictName(row.verdict));
        line.resize(17, ' ');
        line += row.id;
        line.resize(std::max<std::size_t>(line.size() + 1, 40), ' ');
        text += line + std::string(row.name) + ": " + row.why + "\n";
    }
    text += "Level " + std::to_string(static_cast<int>(report.level)) + (report.held() ? " held: " : " DID NOT HOLD: ");
    for (std::size_t i = 0; i < counts.size(); ++i)
        text += std::to_string(counts[i]) + " " + std::string(verdictName(static_cast<Verdict>(i))) +
                (i + 1 < counts.size() ? ", " : ".\n");
    if (!report.totals.empty()) text += "Totals: " + report.totals + ".\n";
    return text;
}

} // namespace gradus::sandbox
