// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/console.h"

#include "base/clock.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>
#include <sys/ioctl.h>
#include <unistd.h>

namespace gradus::run {

namespace {

using nlohmann::json;

json number(double value)
{
    return std::isfinite(value) ? json(value) : json(numberText(value));
}

json estimate(const std::optional<Estimate>& value)
{
    if (!value) return nullptr;
    return {
        {"value", number(value->value)}, {"low", number(value->low)}, {"high", number(value->high)}, {"n", value->n}};
}

/// The stage part of an activity, without the step count, so that a log does not fill with steps.
std::string withoutStep(const std::string& activity)
{
    return activity.substr(0, activity.find(": step"));
}

int terminalWidth(std::FILE* out)
{
    winsize size{};
    return ::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 100;
}

} // namespace

class Console::RunSink final : public events::EventSink
{
public:
    RunSink(Console& console, std::size_t index) : m_console(console), m_index(index) {}

    void point(const events::MetricPoint& point) override
    {
        if (m_console.m_mode != ConsoleMode::Json) return;
        const std::lock_guard lock(m_console.m_mutex);
        m_console.print(json{{"event", "point"},
                             {"run", m_console.m_lines[m_index].uuid},
                             {"series", point.series},
                             {"step", point.step},
                             {"value", number(point.value)}}
                            .dump());
    }
    void stage(const events::StageEvent& event) override
    {
        if (m_console.m_mode != ConsoleMode::Json) return;
        const std::lock_guard lock(m_console.m_mutex);
        m_console.print(json{
            {"event", "stage"},
            {"run", m_console.m_lines[m_index].uuid},
            {"generation", event.generation},
            {"stage", nameOf(event.kind)},
            {"state", nameOf(event.state)},
            {"step", event.step},
            {"note",
             event.note}}.dump());
    }
    void generation(const events::GenerationRecord& record) override
    {
        const std::lock_guard lock(m_console.m_mutex);
        m_console.showGeneration(m_index, record);
    }
    void event(const events::RunEvent& event) override
    {
        const std::lock_guard lock(m_console.m_mutex);
        m_console.showEvent(m_index, event);
    }
    void progress(const events::Progress& progress) override
    {
        const std::lock_guard lock(m_console.m_mutex);
        m_console.showProgress(m_index, progress);
    }

private:
    Console& m_console;
    std::size_t m_index;
};

ConsoleMode consoleModeFor(bool json)
{
    if (json) return ConsoleMode::Json;
    return ::isatty(STDOUT_FILENO) != 0 ? ConsoleMode::Bar : ConsoleMode::Lines;
}

Console::Console(ConsoleMode mode, std::FILE* out) : m_mode(mode), m_out(out) {}

Console::~Console() = default;

events::EventSink& Console::add(const std::string& uuid, const std::string& label)
{
    const std::lock_guard lock(m_mutex);
    Line line;
    line.uuid = uuid;
    line.label = label;
    m_lines.push_back(std::move(line));
    m_sinks.push_back(std::make_unique<RunSink>(*this, m_sinks.size()));
    return *m_sinks.back();
}

void Console::runEnded(const std::string& uuid, const std::string& state, const std::string& sentence)
{
    const std::lock_guard lock(m_mutex);
    for (Line& line : m_lines) {
        if (line.uuid != uuid) continue;
        line.ended = true;
        if (m_mode == ConsoleMode::Json)
            print(json{{"event", "run"}, {"run", uuid}, {"state", state}, {"sentence", sentence}}.dump());
        else if (m_mode != ConsoleMode::Quiet)
            print(line.label + ": " + state + (sentence.empty() ? "" : ". " + sentence));
    }
}

void Console::note(const std::string& sentence)
{
    const std::lock_guard lock(m_mutex);
    if (m_mode == ConsoleMode::Json)
        print(json{{"event", "note"}, {"sentence", sentence}}.dump());
    else if (m_mode != ConsoleMode::Quiet)
        print(sentence);
}

void Console::clearLine()
{
    const std::lock_guard lock(m_mutex);
    if (m_barShown) std::fputs("\r\x1b[K", m_out);
    m_barShown = false;
    std::fflush(m_out);
}

void Console::showProgress(std::size_t index, const events::Progress& progress)
{
    Line& line = m_lines[index];
    line.progress = progress;
    if (m_mode == ConsoleMode::Json) {
        print(json{{"event", "progress"},
                   {"run", line.uuid},
                   {"fraction", progress.fraction},
                   {"seconds_left", progress.secondsLeft},
                   {"generation", progress.generation},
                   {"generations", progress.generations},
                   {"step", progress.step},
                   {"activity", progress.activity}}
                  .dump());
    } else if (m_mode == ConsoleMode::Bar) {
        redraw();
    } else if (m_mode == ConsoleMode::Lines && withoutStep(progress.activity) != line.reportedActivity) {
        line.reportedActivity = withoutStep(progress.activity);
        const int percent = static_cast<int>(progress.fraction * 100);
        const std::string left =
            progress.secondsLeft >= 0 ? ", about " + durationText(progress.secondsLeft) + " left" : "";
        print(line.label + ": " + line.reportedActivity + " (" + std::to_string(percent) + " %" + left + ")");
    }
}

void Console::showEvent(std::size_t index, const events::RunEvent& event)
{
    const Line& line = m_lines[index];
    if (m_mode == ConsoleMode::Json) {
        json object{{"event", event.kind},
                    {"run", line.uuid},
                    {"generation", event.generation},
                    {"step", event.step},
                    {"sentence", event.sentence}};
        const json details = json::parse(event.detailsJson, nullptr, false);
        if (details.is_object()) object["details"] = details;
        print(object.dump());
    } else if (m_mode != ConsoleMode::Quiet && event.kind != "checkpoint") {
        print(line.label + ": " + event.sentence);
    }
}

void Console::showGeneration(std::size_t index, const events::GenerationRecord& record)
{
    if (m_mode != ConsoleMode::Json) return;
    print(json{{"event", "generation"},
               {"run", m_lines[index].uuid},
               {"generation", record.generation},
               {"rung", record.rung},
               {"parameters", record.parameters},
               {"gap", record.gap ? json(*record.gap) : json(nullptr)},
               {"utility", estimate(record.utility)},
               {"weak", estimate(record.weak)},
               {"ceiling", estimate(record.ceiling)},
               {"pgr", estimate(record.pgr)},
               {"pgr_refusal", record.pgrRefusal},
               {"imitation", estimate(record.imitation)},
               {"excess_imitation", estimate(record.excessImitation)},
               {"memorisation", estimate(record.memorisation)},
               {"aligned_utility", estimate(record.alignedUtility)},
               {"sha256", record.checkpointHash}}
              .dump());
}

/// One line for all runs: the mean fraction, the longest time left, and what the busiest one does.
void Console::redraw()
{
    const double now = monotonicSeconds();
    if (now - m_drawnAt < 0.1) return;
    m_drawnAt = now;
    double fraction = 0;
    double left = -1;
    const Line* current = nullptr;
    for (const Line& line : m_lines) {
        fraction += line.ended ? 1.0 : line.progress.fraction;
        if (line.ended) continue;
        left = std::max(left, line.progress.secondsLeft);
        if (!line.progress.activity.empty()) current = &line;
    }
    fraction /= static_cast<double>(std::max<std::size_t>(1, m_lines.size()));
    constexpr int kCells = 24;
    std::string bar;
    for (int i = 0; i < kCells; ++i)
        bar += i < static_cast<int>(fraction * kCells) ? "█" : "░";
    char percent[16];
    std::snprintf(percent, sizeof percent, " %3d %% ", static_cast<int>(fraction * 100));
    std::string text = percent + (left >= 0 ? "· " + durationText(left) + " left " : std::string());
    if (current != nullptr) text += "· " + current->label + ": " + current->progress.activity;
    const auto room = static_cast<std::size_t>(std::max(20, terminalWidth(m_out) - kCells - 2));
    if (text.size() > room) text.resize(room);
    std::fprintf(m_out, "\r\x1b[K%s%s", bar.c_str(), text.c_str());
    std::fflush(m_out);
    m_barShown = true;
}

void Console::print(const std::string& line)
{
    if (m_barShown) std::fputs("\r\x1b[K", m_out);
    m_barShown = false;
    std::fputs((line + "\n").c_str(), m_out);
    std::fflush(m_out);
}

} // namespace gradus::run
