// SPDX-License-Identifier: GPL-3.0-or-later
#include "mutations.h"

#include "base/files.h"

#include <algorithm>
#include <cctype>

namespace gradus::fuzz {

namespace {

/// Numbers at which parsers err.
constexpr std::int64_t kNumbers[] = {0,   1,     -1,    127,        128,         255,
                                     256, 32767, 65535, 2147483647, -2147483648, 9223372036854775807};

std::string unescaped(std::string_view quoted)
{
    std::string word;
    for (std::size_t i = 0; i < quoted.size(); ++i) {
        if (quoted[i] != '\\' || i + 1 >= quoted.size()) {
            word += quoted[i];
        } else if (quoted[i + 1] == 'x' && i + 3 < quoted.size()) {
            word += static_cast<char>(std::stoi(std::string(quoted.substr(i + 2, 2)), nullptr, 16));
            i += 3;
        } else {
            word += quoted[++i];
        }
    }
    return word;
}

} // namespace

std::vector<std::string> dictionaryOf(const std::string& path)
{
    std::vector<std::string> words;
    const auto text = readFile(path);
    if (!text) return words;
    for (std::size_t at = 0; at < text->size();) {
        const std::size_t end = std::min(text->find('\n', at), text->size());
        const std::string line = text->substr(at, end - at);
        at = end + 1;
        const std::size_t first = line.find('"');
        const std::size_t last = line.rfind('"');
        if (line.starts_with('#') || first == std::string::npos || last <= first) continue;
        words.push_back(unescaped(std::string_view(line).substr(first + 1, last - first - 1)));
    }
    return words;
}

Mutations::Mutations(std::uint64_t seed, std::size_t longest, std::vector<std::string> words)
    : m_rng(seed, "fuzz"), m_longest(longest), m_words(std::move(words))
{
}

const std::string& Mutations::one(const std::vector<std::string>& corpus)
{
    const std::size_t index = m_rng.below(corpus.size());
    return corpus[std::max(index, static_cast<std::size_t>(m_rng.below(corpus.size())))];
}

std::string Mutations::of(const std::vector<std::string>& corpus)
{
    std::string bytes = one(corpus);
    for (std::uint64_t left = 1 + m_rng.below(5); left > 0; --left)
        change(bytes, corpus);
    if (bytes.size() > m_longest) bytes.resize(m_longest);
    return bytes;
}

void Mutations::change(std::string& bytes, const std::vector<std::string>& corpus)
{
    const std::size_t place = m_rng.below(bytes.size() + 1);
    const std::size_t length =
        std::min<std::size_t>(1 + m_rng.below(m_rng.below(4) == 0 ? 200 : 8), bytes.size() - place);
    switch (m_rng.below(9)) {
    case 0: // a bit
        if (place < bytes.size()) bytes[place] = static_cast<char>(bytes[place] ^ (1 << m_rng.below(8)));
        break;
    case 1: // a byte
        if (place < bytes.size()) bytes[place] = static_cast<char>(m_rng.below(256));
        break;
    case 2:
        bytes.insert(place, 1, static_cast<char>(m_rng.below(256)));
        break;
    case 3:
        bytes.erase(place, length);
        break;
    case 4: // a chunk once more, or many times
        bytes.insert(m_rng.below(bytes.size() + 1), bytes.substr(place, length));
        break;
    case 5: { // the end of another one
        const std::string& other = one(corpus);
        bytes = bytes.substr(0, place) + other.substr(m_rng.below(other.size() + 1));
        break;
    }
    case 6: { // a chunk of another one
        const std::string& other = one(corpus);
        bytes.insert(place, other.substr(m_rng.below(other.size() + 1), length));
        break;
    }
    case 7: { // a number, as digits or as bytes
        const std::int64_t number = kNumbers[m_rng.below(std::size(kNumbers))];
        if (m_rng.below(2) == 0) {
            std::size_t end = place;
            while (end < bytes.size() && std::isdigit(static_cast<unsigned char>(bytes[end])) != 0)
                ++end;
            bytes.replace(place, end - place, std::to_string(number));
        } else {
            for (std::size_t i = 0; i < std::min<std::size_t>(8, bytes.size() - place); ++i)
                bytes[place + i] = static_cast<char>(number >> (8 * i));
        }
        break;
    }
    default:
        if (!m_words.empty()) bytes.insert(place, m_words[m_rng.below(m_words.size())]);
        break;
    }
}

} // namespace gradus::fuzz
