// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/huge_pages.h"

#include <cstdint>

#include <sys/mman.h>
#include <unistd.h>

namespace gradus::models {

namespace {

constexpr std::uintptr_t kHuge = std::uintptr_t{1} << 21;

std::uintptr_t roundedUp(std::uintptr_t value, std::uintptr_t to)
{
    return (value + to - 1) / to * to;
}

std::uintptr_t smallPage()
{
    return static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace

std::shared_ptr<const HugePages> HugePages::make(std::size_t bytes)
{
    const std::size_t whole = roundedUp(bytes, smallPage());
    void* mapped = ::mmap(nullptr, whole + kHuge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return nullptr;
    // What lies before the first huge page and behind the last byte is not ours: a huge page there would be resident
    // for nothing.
    auto* const begin = static_cast<std::byte*>(mapped);
    const std::uintptr_t before =
        roundedUp(reinterpret_cast<std::uintptr_t>(mapped), kHuge) - reinterpret_cast<std::uintptr_t>(mapped);
    std::byte* const data = begin + before;
    if (before > 0) ::munmap(begin, before);
    if (before < kHuge) ::munmap(data + whole, kHuge - before);
#if defined(MADV_HUGEPAGE)
    if (whole > 0) ::madvise(data, whole, MADV_HUGEPAGE); // refused by a kernel without them: go on, only slower
#endif
    return std::shared_ptr<const HugePages>(new HugePages(data, whole));
}

HugePages::~HugePages()
{
    if (m_bytes > 0) ::munmap(m_data, m_bytes);
}

void HugePages::giveBack(std::byte* first, std::size_t bytes) const
{
    const std::uintptr_t page = smallPage();
    const auto from = reinterpret_cast<std::uintptr_t>(first);
    const std::uintptr_t begin = roundedUp(from, page);
    const std::uintptr_t end = (from + bytes) / page * page;
    if (begin < end) ::madvise(first + (begin - from), end - begin, MADV_DONTNEED);
}

} // namespace gradus::models
