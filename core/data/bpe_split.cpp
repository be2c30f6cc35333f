// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/bpe.h"

#include <cstdlib>
#include <memory>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace gradus::data {

namespace {

using Code = std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)>;
using Match = std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)>;

// The pattern published with GPT-2, which Hugging Face's ByteLevel pre-tokenizer uses too.
constexpr std::string_view kPattern = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

Code compile()
{
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(kPattern.data()), kPattern.size(),
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF, &error, &offset, nullptr);
    if (!code) std::abort();                     // the pattern is a constant: only a broken PCRE2 gets here
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); // without a JIT the interpreter is used
    return {code, &pcre2_code_free};
}

} // namespace

std::vector<std::string_view> splitForBpe(std::string_view text)
{
    static const Code code = compile();
    const Match match(pcre2_match_data_create_from_pattern(code.get(), nullptr), &pcre2_match_data_free);
    std::vector<std::string_view> pieces;
    std::size_t at = 0;
    while (at < text.size()) {
        const int found = pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), at, 0,
                                      match.get(), nullptr);
        // No match is left when only invalid bytes remain; a resource limit is treated the same way: nothing is lost.
        if (found < 0) break;
        const PCRE2_SIZE* range = pcre2_get_ovector_pointer(match.get());
        if (range[0] > at) pieces.push_back(text.substr(at, range[0] - at));
        pieces.push_back(text.substr(range[0], range[1] - range[0]));
        at = range[1];
    }
    if (at < text.size()) pieces.push_back(text.substr(at));
    return pieces;
}

} // namespace gradus::data
