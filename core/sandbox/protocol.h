// SPDX-License-Identifier: GPL-3.0-or-later
// The frames between a cell's supervisor and its first process: one byte of kind, four of length, then fields.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// Shared by the host and by the static first process of the cell, so: header only, no exceptions, nothing of Gradus.
/// All integers are little-endian. The host treats every reply as hostile: lengths are capped before anything is
/// allocated, and what does not parse ends the cell.
namespace gradus::sandbox {

inline constexpr std::size_t frameHeaderBytes = 5;
inline constexpr std::size_t maxRequestBytes = std::size_t{1} << 20; ///< one frame to the cell
inline constexpr std::size_t maxReplyBytes = std::size_t{256} << 10; ///< one frame from the cell
inline constexpr std::size_t maxManifestEntries = 20'000;
inline constexpr int maxManifestDepth = 64;

enum class FrameKind : std::uint8_t
{
    // to the cell
    Begin = 1, ///< limits, see helper/cell_helper.cpp
    Exec = 2,
    Write = 3,
    Read = 4,
    Stat = 5,
    Mark = 6, ///< what is there now is the state that Diff compares with
    Diff = 7,
    Shutdown = 8,
    Guard = 9, ///< after the keeper has looked in: nobody of the cell's own account may look in any more
    Join = 10, ///< where to listen for other cells of the episode, see helper/cell_join.h
               // from the cell
    Ready = 65,
    Output = 66, ///< bytes of standard output, or of a file that is read
    Errors = 67, ///< bytes of standard error
    Done = 68,   ///< the last frame of an exec
    Entry = 69,  ///< one manifest entry
    Reply = 70,  ///< the last frame of every other verb: tool error, errno, value
};

/// Kinds of failure of one tool call, as Inspect names them.
enum class ToolError : std::uint8_t
{
    None = 0,
    Timeout = 1,
    Permission = 2,
    FileNotFound = 3,
    IsADirectory = 4,
    OutputLimit = 5,
    Limit = 6,              ///< a resource limit of the cell: processes, memory, disk
    Unknown = 7,            ///< any other failure, see the message
    SandboxUnavailable = 8, ///< host side only: the cell is gone
};

/// Fields one after another; strings as length and bytes.
class FieldWriter
{
public:
    void u8(std::uint8_t value) { m_bytes.push_back(static_cast<char>(value)); }
    void u32(std::uint32_t value) { number(value, 4); }
    void u64(std::uint64_t value) { number(value, 8); }
    void text(std::string_view value)
    {
        u32(static_cast<std::uint32_t>(value.size()));
        m_bytes.append(value);
    }
    const std::string& bytes() const { return m_bytes; }

private:
    void number(std::uint64_t value, int width)
    {
        for (int i = 0; i < width; ++i)
            m_bytes.push_back(static_cast<char>(value >> (8 * i)));
    }
    std::string m_bytes;
};

/// Reads fields; after a field that is not there, ok() is false and every value is zero or empty.
class FieldReader
{
public:
    explicit FieldReader(std::string_view bytes) : m_left(bytes) {}
    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::uint64_t u64() { return number(8); }
    std::string_view text()
    {
        const std::uint32_t size = u32();
        if (!m_ok || size > m_left.size()) {
            m_ok = false;
            return {};
        }
        const std::string_view value = m_left.substr(0, size);
        m_left.remove_prefix(size);
        return value;
    }
    bool ok() const { return m_ok; }
    bool atEnd() const { return m_ok && m_left.empty(); }

private:
    std::uint64_t number(std::size_t width)
    {
        if (!m_ok || m_left.size() < width) {
            m_ok = false;
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < width; ++i)
            value |= std::uint64_t{static_cast<unsigned char>(m_left[i])} << (8 * i);
        m_left.remove_prefix(width);
        return value;
    }
    std::string_view m_left;
    bool m_ok = true;
};

inline std::string frame(FrameKind kind, std::string_view payload)
{
    FieldWriter header;
    header.u8(static_cast<std::uint8_t>(kind));
    header.u32(static_cast<std::uint32_t>(payload.size()));
    return header.bytes() + std::string(payload);
}

} // namespace gradus::sandbox
