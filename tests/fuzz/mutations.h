// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of inputs, seeded: bytes, numbers, chunks, splices of two inputs, words of a dictionary.
#pragma once

#include "base/rng.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gradus::fuzz {

/// Words of a libFuzzer dictionary: a word a line in quotes, with \\, \" and \xAB; a name and = may stand before it.
/// None of a file that is not there.
std::vector<std::string> dictionaryOf(const std::string& path);

class Mutations final
{
public:
    Mutations(std::uint64_t seed, std::size_t longest, std::vector<std::string> words);

    /// One of the corpus, which must not be empty, with one to five changes; late ones, which reached what others did
    /// not, are taken more often. At most the longest length.
    std::string of(const std::vector<std::string>& corpus);

private:
    void change(std::string& bytes, const std::vector<std::string>& corpus);
    const std::string& one(const std::vector<std::string>& corpus);

    Rng m_rng;
    std::size_t m_longest;
    std::vector<std::string> m_words;
};

} // namespace gradus::fuzz
