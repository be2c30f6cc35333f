// SPDX-License-Identifier: GPL-3.0-or-later
// Text on its way through a tokenizer, and where every byte of it came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::text {

/// A byte range of the text that the caller gave.
struct Range
{
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    friend bool operator==(const Range&, const Range&) = default;
};

/// A value type. While nothing has changed, no alignment is kept and bytes may be borrowed.
class AlignedText final
{
public:
    /// original must outlive this; offset is where it begins in the caller's text. Untracked text has no origins: they
    /// cost eight bytes a byte, and most callers want ids alone.
    AlignedText(std::string_view original, std::size_t offset, bool tracked)
        : m_view(original), m_offset(offset), m_tracked(tracked)
    {
    }

    std::string_view bytes() const { return m_changed ? std::string_view(m_bytes) : m_view; }

    /// The caller's range that bytes [begin, end) came from.
    Range origin(std::size_t begin, std::size_t end) const
    {
        if (!m_tracked) return {};
        if (!m_changed)
            return {static_cast<std::uint32_t>(m_offset + begin), static_cast<std::uint32_t>(m_offset + end)};
        if (begin == end)
            return begin < m_origins.size() ? Range{m_origins[begin].begin, m_origins[begin].begin} : Range{};
        return {m_origins[begin].begin, m_origins[end - 1].end};
    }

    /// Replaces the text by parts appended one after the other, each with the range of the present bytes it stands for.
    class Rewrite
    {
    public:
        explicit Rewrite(const AlignedText& from) : m_from(from) {}
        void keep(std::size_t begin, std::size_t end)
        {
            m_bytes += m_from.bytes().substr(begin, end - begin);
            if (!m_from.m_tracked) return;
            for (std::size_t at = begin; at < end; ++at)
                m_origins.push_back(m_from.origin(at, at + 1));
        }
        void put(std::string_view bytes, std::size_t begin, std::size_t end)
        {
            m_bytes += bytes;
            if (m_from.m_tracked) m_origins.insert(m_origins.end(), bytes.size(), m_from.origin(begin, end));
        }

    private:
        friend class AlignedText;
        const AlignedText& m_from;
        std::string m_bytes;
        std::vector<Range> m_origins;
    };
    void take(Rewrite&& rewrite)
    {
        m_bytes = std::move(rewrite.m_bytes);
        m_origins = std::move(rewrite.m_origins);
        m_changed = true;
    }

private:
    std::string_view m_view;
    std::size_t m_offset;
    bool m_tracked;
    bool m_changed = false;
    std::string m_bytes;
    std::vector<Range> m_origins; ///< one a byte
};

} // namespace gradus::text
