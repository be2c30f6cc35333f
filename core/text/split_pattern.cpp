// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/split_pattern.h"

#include "base/text.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace gradus::text {

namespace {

constexpr std::uint32_t kMatchLimit = 10'000'000;
constexpr std::size_t kLongestExpression = 10'000;

using Match = std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)>;

} // namespace

struct SplitPattern::Compiled
{
    pcre2_code* code = nullptr;
    pcre2_match_context* limits = nullptr;
    bool jit = false;
    ~Compiled()
    {
        pcre2_match_context_free(limits);
        pcre2_code_free(code);
    }
};

SplitPattern::SplitPattern(std::unique_ptr<Compiled> compiled) : m_compiled(std::move(compiled)) {}
SplitPattern::~SplitPattern() = default;

Result<std::shared_ptr<const SplitPattern>> SplitPattern::compile(const std::string& expression, const std::string& file)
{
    const auto refused = [&](const std::string& why) {
        return badInput(file + ": the regular expression " + visible(expression, 80) + " cannot be used (" + why +
                        "); fetch the tokenizer again.");
    };
    if (expression.size() > kLongestExpression) return refused("it is longer than 10,000 bytes");
    int error = 0;
    PCRE2_SIZE offset = 0;
    auto compiled = std::make_unique<Compiled>();
    compiled->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                                   PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &offset, nullptr);
    if (compiled->code == nullptr) {
        PCRE2_UCHAR message[120] = {};
        pcre2_get_error_message(error, message, sizeof message);
        return refused(std::string(reinterpret_cast<const char*>(message)) + " at byte " + std::to_string(offset));
    }
    compiled->jit = pcre2_jit_compile(compiled->code, PCRE2_JIT_COMPLETE) == 0; // without one the interpreter is used
    compiled->limits = pcre2_match_context_create(nullptr);
    pcre2_set_match_limit(compiled->limits, kMatchLimit);
    return std::shared_ptr<const SplitPattern>(new SplitPattern(std::move(compiled)));
}

void SplitPattern::cut(std::string_view text, std::size_t begin, std::size_t end,
                       std::vector<std::pair<std::size_t, std::size_t>>& pieces) const
{
    const Match match(pcre2_match_data_create_from_pattern(m_compiled->code, nullptr), &pcre2_match_data_free);
    // The subject begins where the piece begins: an expression must not look back over an earlier cut.
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data() + begin);
    const std::size_t size = end - begin;
    std::size_t at = 0;
    std::size_t search = 0;
    while (search < size) {
        const int found = m_compiled->jit
                              ? pcre2_jit_match(m_compiled->code, subject, size, search, PCRE2_NO_UTF_CHECK,
                                                match.get(), m_compiled->limits)
                              : pcre2_match(m_compiled->code, subject, size, search, PCRE2_NO_UTF_CHECK, match.get(),
                                            m_compiled->limits);
        if (found < 0) break;
        const PCRE2_SIZE* range = pcre2_get_ovector_pointer(match.get());
        if (range[1] <= range[0]) { // an empty match cuts nothing
            do
                ++search;
            while (search < size && (static_cast<unsigned char>(text[begin + search]) & 0xC0U) == 0x80U);
            continue;
        }
        if (range[0] > at) pieces.emplace_back(begin + at, begin + range[0]);
        pieces.emplace_back(begin + range[0], begin + range[1]);
        at = search = range[1];
    }
    if (at < size) pieces.emplace_back(begin + at, end);
}

} // namespace gradus::text
