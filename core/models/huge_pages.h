// SPDX-License-Identifier: GPL-3.0-or-later
// Memory for numbers that are read over and over, in pages so large that finding them costs little.
#pragma once

#include <cstddef>
#include <memory>

namespace gradus::models {

/// Anonymous memory, zeros at first, that begins at 2 MB and that the system is asked to keep in pages of 2 MB; where
/// it has none they are as small as ever. No more becomes resident than is written to, up to a page. Any thread.
class HugePages final
{
public:
    /// Null where the system gives no memory.
    static std::shared_ptr<const HugePages> make(std::size_t bytes);
    ~HugePages();
    HugePages(const HugePages&) = delete;
    HugePages& operator=(const HugePages&) = delete;

    std::byte* data() const { return m_data; }
    /// The small pages that lie wholly in this part go back to the system; what was written there is lost.
    void giveBack(std::byte* first, std::size_t bytes) const;

private:
    HugePages(std::byte* data, std::size_t bytes) : m_data(data), m_bytes(bytes) {}
    std::byte* m_data;
    std::size_t m_bytes;
};

} // namespace gradus::models
