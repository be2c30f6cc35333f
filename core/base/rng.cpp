// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/rng.h"

#include <cmath>
#include <numbers>
#include <numeric>

namespace gradus {

namespace {

std::uint64_t fnv1a(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    return hash;
}

} // namespace

PhiloxBlock philox(std::uint64_t key, std::uint64_t counterLow, std::uint64_t counterHigh)
{
    constexpr std::uint64_t kMultiplier0 = 0xD2511F53U;
    constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57U;
    auto c0 = static_cast<std::uint32_t>(counterLow);
    auto c1 = static_cast<std::uint32_t>(counterLow >> 32);
    auto c2 = static_cast<std::uint32_t>(counterHigh);
    auto c3 = static_cast<std::uint32_t>(counterHigh >> 32);
    auto k0 = static_cast<std::uint32_t>(key);
    auto k1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t product0 = kMultiplier0 * c0;
        const std::uint64_t product1 = kMultiplier1 * c2;
        const auto n0 = static_cast<std::uint32_t>(product1 >> 32) ^ c1 ^ k0;
        const auto n2 = static_cast<std::uint32_t>(product0 >> 32) ^ c3 ^ k1;
        c1 = static_cast<std::uint32_t>(product1);
        c3 = static_cast<std::uint32_t>(product0);
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9U;
        k1 += 0xBB67AE85U;
    }
    return {{c0, c1, c2, c3}};
}

Rng::Rng(std::uint64_t seed, std::string_view purpose) : m_key(seed), m_stream(fnv1a(purpose)) {}

std::uint64_t Rng::nextBits()
{
    const PhiloxBlock block = philox(m_key, m_index++, m_stream);
    return (static_cast<std::uint64_t>(block.word[0]) << 32) | block.word[1];
}

double Rng::uniform()
{
    return static_cast<double>(nextBits() >> 11) * 0x1.0p-53;
}

double Rng::normal()
{
    const PhiloxBlock block = philox(m_key, m_index++, m_stream);
    const std::uint64_t first = (static_cast<std::uint64_t>(block.word[0]) << 32) | block.word[1];
    const std::uint64_t second = (static_cast<std::uint64_t>(block.word[2]) << 32) | block.word[3];
    const double u = (static_cast<double>(first >> 11) + 1.0) * 0x1.0p-53; // in (0, 1]: log is finite
    const double v = static_cast<double>(second >> 11) * 0x1.0p-53;
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

std::uint64_t Rng::below(std::uint64_t n)
{
    // Reject the last, incomplete copy of [0, n) so that every value is equally likely.
    // That copy has less than n values at the upper end: where it begins, two divisions, is asked for there alone.
    constexpr std::uint64_t kMost = ~std::uint64_t{0};
    std::uint64_t bits = nextBits();
    while (bits > kMost - n && bits > kMost - (kMost % n + 1) % n)
        bits = nextBits();
    return bits % n;
}

void Rng::seek(std::uint64_t index)
{
    m_index = index;
}

std::vector<std::int64_t> permutation(std::int64_t n, Rng rng)
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[rng.below(i)]);
    return order;
}

} // namespace gradus
