// SPDX-License-Identifier: GPL-3.0-or-later
// Counter-based random numbers: value = f(seed, stream, index), so there is no state to save and resume is exact.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gradus {

/// Philox4x32-10 (Salmon et al., SC 2011): four 32-bit words from a 64-bit key and a 128-bit counter.
/// Bit-equal on every platform. Pure.
struct PhiloxBlock
{
    std::uint32_t word[4];
};
PhiloxBlock philox(std::uint64_t key, std::uint64_t counterLow, std::uint64_t counterHigh);

/// A stream of random numbers named by (seed, purpose). Copy it to fork it; it owns nothing. Not thread-safe.
class Rng final
{
public:
    /// purpose separates streams of one seed ("shuffle", "init/layers.0.q"); the same pair gives the same numbers.
    Rng(std::uint64_t seed, std::string_view purpose);

    std::uint64_t nextBits();              ///< 64 uniform bits
    double uniform();                      ///< in [0, 1), 53 bits
    double normal();                       ///< mean 0, variance 1 (Box-Muller, no cached half: one draw, one index)
    std::uint64_t below(std::uint64_t n);  ///< unbiased in [0, n); n must be > 0
    void seek(std::uint64_t index);        ///< jump to the index-th 64-bit draw
    std::uint64_t position() const { return m_index; }

private:
    std::uint64_t m_key;
    std::uint64_t m_stream;
    std::uint64_t m_index = 0;
};

/// Fisher-Yates permutation of 0..n-1 drawn from rng.
std::vector<std::int64_t> permutation(std::int64_t n, Rng rng);

} // namespace gradus
