// SPDX-License-Identifier: GPL-3.0-or-later
// What a person or a machine sees of running runs: one live line with ETA on a terminal, plain lines in a pipe, or
// JSON.
#pragma once

#include "events/event_sink.h"

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gradus::run {

enum class ConsoleMode
{
    Bar,   ///< a terminal: one line that is redrawn
    Lines, ///< a pipe or a file: a line when something changes
    Json,  ///< one JSON object a line, every event
    Quiet, ///< nothing
};

/// Bar on a terminal, else Lines.
ConsoleMode consoleModeFor(bool json);

/// Shared by the threads of several runs; every function may be called from any thread.
class Console final
{
public:
    Console(ConsoleMode mode, std::FILE* out); ///< out must outlive the console
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// The sink of one run; label names it ("seed 2", "fixed small, seed 2"). Valid as long as the console.
    events::EventSink& add(const std::string& uuid, const std::string& label);
    void runEnded(const std::string& uuid, const std::string& state, const std::string& sentence);
    void note(const std::string& sentence);
    void clearLine();

private:
    class RunSink;
    struct Line;

    void showProgress(std::size_t index, const events::Progress& progress);
    void showEvent(std::size_t index, const events::RunEvent& event);
    void showGeneration(std::size_t index, const events::GenerationRecord& record);
    void redraw();
    void print(const std::string& line);

    const ConsoleMode m_mode;
    std::FILE* const m_out;
    std::mutex m_mutex; ///< guards all below
    std::vector<std::unique_ptr<RunSink>> m_sinks;
    std::vector<Line> m_lines;
    double m_drawnAt = -1;
    bool m_barShown = false;
};

/// What the console knows of one run.
struct Console::Line
{
    std::string uuid;
    std::string label;
    events::Progress progress;
    std::string reportedActivity; ///< Lines: generation and stage last printed
    bool ended = false;
};

} // namespace gradus::run
