// SPDX-License-Identifier: GPL-3.0-or-later
// ZIP archives as Inspect writes them (stored, deflated, zstd), read within bounds and without touching the disk:
// internal to the room.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gradus::inspect {

inline constexpr std::uint64_t mostArchiveBytes = std::uint64_t{2} << 30;
inline constexpr std::uint64_t mostMemberBytes = std::uint64_t{64} << 20; ///< of one member, unpacked
inline constexpr std::size_t mostMembers = 100'000;

/// Reads members into memory one at a time; nothing is ever unpacked into a file. What a header says about sizes is not
/// believed: bytes are counted as they come.
class Archive final
{
public:
    /// Bad input: missing, no archive, cut off, too large, too many members, or a member whose name leads out of it.
    static Result<Archive> open(const std::filesystem::path& path);
    Archive(Archive&&) noexcept;
    Archive& operator=(Archive&&) noexcept;
    ~Archive();

    const std::vector<std::string>& names() const; ///< in the archive's order; later ones of one name count
    bool has(const std::string& name) const;
    /// Bad input: no such member, damaged, encrypted, packed in a way that is not known, or more than mostMemberBytes.
    Result<std::string> read(const std::string& name) const;

private:
    struct State;
    explicit Archive(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// A deflated archive as bytes. Equal members at equal times give equal bytes.
Result<std::string> packed(const std::vector<std::pair<std::string, std::string>>& members, std::int64_t unixSeconds);

} // namespace gradus::inspect
