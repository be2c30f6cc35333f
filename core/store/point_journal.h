// SPDX-License-Identifier: GPL-3.0-or-later
// Points that a process has said and not yet committed, in a file beside the store that outlives the process.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace gradus::store {

class Database;

/// Where a series stands in a journal. Belongs to the series' key; the journal alone reads and writes it.
struct JournalPlace
{
    std::array<std::uint64_t, 2> fill = {0, 0};  ///< of each half: the filling in which the series was named last
    std::array<std::uint32_t, 2> index = {0, 0}; ///< and the number it has there
};

/// Two halves of a mapped file: one is filled while what the other holds is being committed. What is in it survives the
/// end of the process however it comes; a power cut may lose or tear it, and then it counts as far as its checks hold.
/// Appending is a copy of 40 bytes. Not for several threads at once.
class PointJournal final
{
public:
    /// Bytes of a half: 100,000 points.
    static constexpr std::size_t kHalf = std::size_t{1} << 22;

    /// Makes the file. Nothing where it cannot be made (a full disk, a file system without mappings): points are then
    /// as safe as the next commit makes them, which is what they are without a journal.
    static std::optional<PointJournal> create(const std::filesystem::path& store);
    ~PointJournal(); ///< removes the file, unless it is kept
    PointJournal(PointJournal&& other) noexcept;
    PointJournal& operator=(PointJournal&&) = delete;

    /// False: this half is full, and the point is not in it. A name of more than 4096 bytes is not kept.
    bool append(JournalPlace& place, std::int64_t runId, const std::string& series, const PointRow& point);
    /// What was appended so far is about to be committed; the other half is empty and is filled from now on.
    void turn();
    /// It was committed.
    void forgetTurned();
    /// It could not be: the file stays for a later process.
    void keep() { m_isKept = true; }

private:
    struct Mapping;
    PointJournal(Mapping* mapping, int descriptor, std::filesystem::path file);

    Mapping* m_mapping;
    int m_descriptor; ///< its lock says that a living process fills the file
    std::filesystem::path m_file;
    std::array<std::uint64_t, 2> m_fill = {1, 1};
    std::array<std::uint32_t, 2> m_named = {0, 0};
    std::size_t m_half = 0; ///< that is being filled
    bool m_isKept = false;
};

/// Commits what journals of processes that are gone hold for runs of this store, and removes them; the number of
/// points. Those of living processes, in whatever container, and of another file that had this store's name are left
/// alone. Opens its own transaction; does nothing while another process writes for long.
Result<std::int64_t> takeUpPoints(Database& database, const std::filesystem::path& store);

/// Whether there is any journal beside the store; it may be a living process's.
bool hasPointJournals(const std::filesystem::path& store);

} // namespace gradus::store
