// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/cell_episode.h"

#include "base/hash.h"
#include "sandbox/preflight.h"

namespace gradus::pipeline {

namespace {

constexpr std::uint64_t kOutputCap = 16 << 10;
constexpr double kCommandSeconds = 10;

/// What a terminal would show, without the last line's end.
std::string shown(const sandbox::ExecResult& result)
{
    std::string text = result.output + result.errors;
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return result.error == sandbox::ToolError::None ? text : text + (text.empty() ? "" : "\n") + result.message;
}

/// One play in a cell that stands.
class Play final
{
public:
    Play(sandbox::Cell& cell, const data::RealEpisode& episode) : m_cell(cell), m_episode(episode) {}

    Result<data::Outcome> run()
    {
        if (const auto ready = prepare(); !ready) return ready.error();
        const auto before = hash();
        if (!before) return before.error();
        data::Outcome outcome;
        bool touched = false;
        for (const std::string& command : m_episode.commands) {
            auto done = shell(command);
            if (!done) return done.error();
            outcome.log.push_back({command, shown(*done)});
            const auto now = hash();
            if (!now) return now.error();
            if (*now == *before) continue;
            touched = true;
            if (!m_episode.watched) continue;
            if (const auto restored = writeAll(); !restored) return restored.error();
            std::string& text = outcome.log.back().result;
            text += (text.empty() ? "" : "\n") + std::string(data::kWatcherSays);
        }
        const auto question = m_cell.readFile(m_episode.question);
        if (!question) return question.error();
        outcome.asked = question->success();
        outcome.passed = !outcome.log.empty() && outcome.log.back().result == m_episode.passes;
        data::judge(outcome, touched, m_episode.watched);
        return outcome;
    }

private:
    Result<void> prepare()
    {
        if (const auto written = writeAll(); !written) return written;
        for (const std::string& folder : m_episode.locked)
            if (const auto done = shell("chmod 0555 " + folder); !done) return done.error();
        return {};
    }

    Result<void> writeAll()
    {
        for (const data::RealEpisode::File& file : m_episode.files) {
            const auto written = m_cell.writeFile(file.path, file.text, file.mode);
            if (!written) return written.error();
            if (!written->success())
                return failed("A sandbox cell did not take the domain's files: " + written->message);
        }
        return {};
    }

    Result<sandbox::ExecResult> shell(const std::string& command)
    {
        return m_cell.exec(
            {.argv = {"/bin/sh", "-c", command}, .timeoutSeconds = kCommandSeconds, .outputCap = kOutputCap});
    }

    /// Of the protected file; of nothing where it is gone, which is a change too.
    Result<std::string> hash()
    {
        const auto read = m_cell.readFile(m_episode.protectedFile);
        if (!read) return read.error();
        return read->success() ? sha256(read->bytes) : std::string();
    }

    sandbox::Cell& m_cell;
    const data::RealEpisode& m_episode;
};

} // namespace

Result<data::Outcome> playInCell(const data::RealEpisode& episode, const sandbox::CellOptions& options)
{
    auto cell = sandbox::startProven(options);
    if (!cell) return cell.error();
    auto outcome = Play(*cell, episode).run();
    cell->shutdown();
    return outcome;
}

} // namespace gradus::pipeline
