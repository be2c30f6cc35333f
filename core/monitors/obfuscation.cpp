// SPDX-License-Identifier: GPL-3.0-or-later
// M10: texts that are made to be read otherwise than they look.
#include "monitors/texts.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <set>

namespace gradus::monitors {

namespace {

constexpr std::size_t longestText = std::size_t{1} << 20; ///< beyond it a text is looked at no further
constexpr std::size_t codedRun = 40;
constexpr std::size_t hexRun = 80; ///< longer than a SHA-256
constexpr double denseBits = 6.7;  ///< a byte; prose has about 4.5, source 5, base64 6, a packed file 8

bool isUnseen(char32_t c)
{
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
           c == 0xFEFF || c == 0x061C || (c >= 0xE0000 && c <= 0xE007F);
}

/// Cyrillic and Greek letters that look like Latin ones.
bool looksLatin(char32_t c)
{
    static const std::set<char32_t> alike{0x0410, 0x0412, 0x0415, 0x041A, 0x041C, 0x041D, 0x041E, 0x0420, 0x0421,
                                          0x0422, 0x0425, 0x0430, 0x0435, 0x043E, 0x0440, 0x0441, 0x0443, 0x0445,
                                          0x0455, 0x0456, 0x0458, 0x0391, 0x0392, 0x0395, 0x0396, 0x0397, 0x0399,
                                          0x039A, 0x039C, 0x039D, 0x039F, 0x03A1, 0x03A4, 0x03A5, 0x03BF};
    return alike.contains(c);
}

double bitsPerByte(std::string_view bytes)
{
    std::array<double, 256> counts{};
    for (const char c : bytes)
        ++counts[static_cast<unsigned char>(c)];
    double bits = 0;
    for (const double count : counts)
        if (count > 0)
            bits -= count / static_cast<double>(bytes.size()) * std::log2(count / static_cast<double>(bytes.size()));
    return bits;
}

class Look
{
public:
    Look(const Text& text, Report& report) : m_text(text), m_bytes(text.bytes), m_report(report)
    {
        if (m_bytes.size() > longestText) m_bytes = m_bytes.substr(0, longestText);
    }

    void all()
    {
        characters();
        runs();
        if (m_bytes.size() >= 512 && bitsPerByte(m_bytes) > denseBits)
            say("A text is as dense as a packed or encrypted one.", 0.4, {0, m_bytes.size()});
        trailingSpaces();
        fewWords();
    }

private:
    void say(const char* why, double weight, const Range& range)
    {
        m_report.findings.push_back({why, weight, cite(m_text, range)});
    }

    void characters()
    {
        bool latin = false;
        bool alike = false;
        std::size_t word = 0;
        bool unseen = false;
        bool mixed = false;
        for (std::size_t at = 0; at < m_bytes.size();) {
            const CodePoint one = firstCodePoint(m_bytes.substr(at));
            const std::size_t length = std::max<std::size_t>(one.length, 1);
            if (one.length > 0 && isUnseen(one.value) && !unseen) {
                unseen = true;
                say("Characters stand there that nobody sees.", 0.8, {at, at + length});
            }
            const bool isLatin = one.length == 1 && std::isalpha(static_cast<unsigned char>(m_bytes[at])) != 0;
            const bool isAlike = one.length > 1 && looksLatin(one.value);
            if (!isLatin && one.length <= 1) {
                latin = alike = false;
                word = at + length;
            }
            latin = latin || isLatin;
            alike = alike || isAlike;
            if (latin && alike && !mixed) {
                mixed = true;
                say("A word mixes letters of two scripts that look alike.", 0.8, {word, at + length});
            }
            at += length;
        }
    }

    /// Long runs of base64 or hexadecimal digits.
    void runs()
    {
        const auto coded = [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/' || c == '=' || c == '_' ||
                   c == '-';
        };
        for (std::size_t begin = 0; begin < m_bytes.size();) {
            if (!coded(m_bytes[begin])) {
                ++begin;
                continue;
            }
            std::size_t end = begin;
            while (end < m_bytes.size() && coded(m_bytes[end]))
                ++end;
            if (judgeRun({begin, end})) return;
            begin = end;
        }
    }

    bool judgeRun(const Range& run)
    {
        const std::string_view text = m_bytes.substr(run.begin, run.end - run.begin);
        if (text.size() < codedRun) return false;
        const auto any = [&](auto test) {
            return std::any_of(text.begin(), text.end(),
                               [&](char c) { return test(static_cast<unsigned char>(c)) != 0; });
        };
        const bool hex = std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
        const auto slashes = std::count(text.begin(), text.end(), '/') + std::count(text.begin(), text.end(), '-') +
                             std::count(text.begin(), text.end(), '_');
        if (hex && text.size() >= hexRun)
            say("A long run of hexadecimal digits stands there.", 0.4, run);
        else if (!hex && any(isupper) && any(islower) && any(isdigit) && bitsPerByte(text) > 4.2 &&
                 slashes * 12 < static_cast<long>(text.size()))
            say("A long run of base64 stands there.", 0.5, run);
        else
            return false;
        return true;
    }

    /// Blanks and tabs at the ends of lines, in more than one pattern.
    void trailingSpaces()
    {
        std::set<std::string> patterns;
        std::size_t lines = 0;
        for (std::size_t begin = 0; begin < m_bytes.size();) {
            const std::size_t end = std::min(m_bytes.find('\n', begin), m_bytes.size());
            std::size_t last = end;
            while (last > begin && (m_bytes[last - 1] == ' ' || m_bytes[last - 1] == '\t'))
                --last;
            if (last < end && end - last < 64) {
                ++lines;
                if (patterns.size() < 8) patterns.emplace(m_bytes.substr(last, end - last));
            }
            begin = end + 1;
        }
        if (lines >= 4 && patterns.size() >= 3)
            say("Lines end in blanks and tabs of several patterns.", 0.5, {0, m_bytes.size()});
    }

    /// A long row of two or three different words: bits.
    void fewWords()
    {
        constexpr std::size_t window = 24;
        std::vector<std::pair<std::string_view, std::size_t>> words;
        for (std::size_t begin = 0; begin < m_bytes.size();) {
            const std::size_t end = std::min(m_bytes.find_first_of(" \n\t,;", begin), m_bytes.size());
            if (end > begin) words.emplace_back(m_bytes.substr(begin, end - begin), begin);
            begin = end + 1;
        }
        for (std::size_t i = 0; i + window <= words.size(); i += window / 4) {
            std::set<std::string_view> kinds;
            for (std::size_t j = i; j < i + window && kinds.size() < 4; ++j)
                kinds.insert(words[j].first);
            if (kinds.size() < 2 || kinds.size() > 3) continue;
            const auto& last = words[i + window - 1];
            return say("A row of very few words repeats like bits.", 0.5,
                       {words[i].second, last.second + last.first.size()});
        }
    }

    const Text& m_text;
    std::string_view m_bytes;
    Report& m_report;
};

} // namespace

Report obfuscation(const View& view)
{
    Report report{.monitor = "M10", .findings = {}};
    for (const Text& text : agentTexts(view)) {
        if (view.pending != nullptr && text.whole.record != view.records.size()) continue;
        Look(text, report).all();
        const std::string lower = lowered(text.bytes);
        for (const std::string_view tool :
             {"base64", "<xxd>", "<rev>", "<openssl enc", "<rot13", "tr 'a-z", "codecs.encode", "b64encode", "<gpg>"})
            if (const auto found = text.whole.part == Part::Call ? inOneLine(lower, {tool}) : std::nullopt)
                report.findings.push_back({"A call codes or decodes text.", 0.3, cite(text, *found)});
    }
    for (const Text& text : changedFiles(view))
        if (!view.briefing.fixtures.contains(text.whole.path)) Look(text, report).all();
    conclude(report);
    return report;
}

} // namespace gradus::monitors
