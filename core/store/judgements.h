// SPDX-License-Identifier: GPL-3.0-or-later
// What people say of episodes, written into a store beside whatever else writes there.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace gradus::store {

/// Why a name cannot sign a verdict, or a verdict cannot be given; pure.
Result<void> checkPerson(const std::string& name);
Result<void> checkJudgement(const Judgement& judgement);

/// A write connection of its own. Every call is one transaction, which waits up to half a minute for a busy store: a
/// worker commits in far less. Every change stays in the journal. One thread at a time; never the GUI thread.
class Judgements final
{
public:
    /// Bad input where there is no store, or it is read-only. Else as StoreWriter::open.
    static Result<Judgements> open(const std::filesystem::path& path);
    ~Judgements();
    Judgements(Judgements&&) noexcept;
    Judgements& operator=(Judgements&&) noexcept;

    /// Gives what this person had said before: saying that again undoes it. No judgement: it is withdrawn. Bad input:
    /// see checkPerson and checkJudgement, or no such episode.
    Result<std::optional<Judgement>> judge(std::int64_t episodeId, const std::string& person,
                                           const std::optional<Judgement>& judgement);

    /// Gives the former choice in this order. choice "first", "second", "tie", or empty: withdrawn. The episodes may be
    /// named either way round and are of one run.
    Result<std::string> prefer(PreferenceRow preference);

private:
    struct Impl;
    explicit Judgements(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Whether verdicts can be written into this store at all, without touching it: one sentence if not. Reads the file
/// system alone.
Result<void> canJudge(const std::filesystem::path& path);

} // namespace gradus::store
