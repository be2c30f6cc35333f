// SPDX-License-Identifier: GPL-3.0-or-later
// A run of a store that holds episodes and no experiment: what a verb plays while it plays it, and what is kept whole.
#pragma once

#include "base/result.h"
#include "events/event_sink.h"
#include "store/records.h"
#include "store/store_writer.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gradus::run {

inline constexpr const char* kPlayProcedure = "sandbox play"; ///< of runs that `gradus sandbox play` can continue

struct KeptVerdict
{
    std::string verdict;
    std::string note;
};

/// Owns the store's writer, so that one thread of a process has one of these. What was said before the last settle()
/// is durable.
class EpisodeRun final
{
public:
    /// Whether begin() can open the store, asked before long work. Makes what begin() makes, but for the run.
    static Result<void> checkStore(const std::filesystem::path& store);
    /// A new run in state Running. Makes the store's folder and the store where there is none.
    static Result<EpisodeRun> begin(const std::filesystem::path& store, const store::OtherRun& run);
    /// One that was stopped or killed, by its id or the id's first characters; procedure: what it must be. Bad input
    /// where it is not, or is finished; Refused while another process works on it. Episodes that had begun and not
    /// ended are told of by an event each.
    static Result<EpisodeRun> resume(const std::filesystem::path& store, const std::string& name,
                                     const std::string& procedure);

    /// Without a last word it is Stopped: whoever left early leaves it to be resumed.
    ~EpisodeRun();
    EpisodeRun(EpisodeRun&&) noexcept = default;
    EpisodeRun& operator=(EpisodeRun&&) = delete;

    const std::string& uuid() const { return m_uuid; }
    const std::string& text() const { return m_text; } ///< of the run, as begin() was given it
    /// What a resumed run holds of its whole episodes, by key.
    const std::map<std::string, KeptVerdict>& verdicts() const { return m_verdicts; }

    /// Tells the run's history which program and machine work on it. device: where the model that acts lives; empty
    /// where none of ours does. Not of what somebody else's log holds: that was not made here.
    void madeHere(const std::string& device);

    void episode(const events::EpisodeRecord& episode) { sink().episode(episode); }
    events::EventSink& sink() { return m_writer->sink(m_id); }
    /// Returns when everything said so far is durable.
    Result<void> settle() { return m_writer->flush(); }
    /// The last word: Finished, Stopped (it can be resumed) or Failed with a sentence.
    Result<void> end(store::RunState state, const std::string& failure = {});

private:
    EpisodeRun(std::unique_ptr<store::StoreWriter> writer, std::int64_t id) : m_writer(std::move(writer)), m_id(id) {}
    Result<void> claim();

    std::unique_ptr<store::StoreWriter> m_writer;
    std::int64_t m_id = 0;
    bool m_isClaimed = false; ///< and not ended yet
    std::string m_uuid;
    std::string m_text;
    std::map<std::string, KeptVerdict> m_verdicts;
};

/// What lists show as the task of such episodes: the one scenario that all are of, or how many there are.
std::string taskOf(const std::vector<events::EpisodeRecord>& episodes);

/// Such a run's text: a table of that name with these texts, one a line.
std::string describingToml(const std::string& table, const std::map<std::string, std::string>& facts);

} // namespace gradus::run
