// SPDX-License-Identifier: GPL-3.0-or-later
// Strangers' tokenizer.json and texts: ids are in the vocabulary, ranges in the text and in its order, and both ways of
// encoding agree. Input: the file, and a text.
#include "fuzz.h"

#include "text/tokenizer.h"
#include "text/utf8.h"

using namespace gradus;
using namespace gradus::text;

namespace {

void expectSound(const Tokenizer& tokenizer, std::string_view text, const EncodeOptions& options)
{
    const auto ids = tokenizer.encode(text, options);
    const Encoding encoding = tokenizer.encodeWithRanges(text, options);
    fuzz::expect(encoding.ids == ids && encoding.ranges.size() == ids.size(), "ranges change no id", text);
    fuzz::expect(tokenizer.encode(text, options) == ids, "what was merged before changes nothing", text);
    std::size_t last = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        fuzz::expect(ids[i] >= 0 && ids[i] < tokenizer.vocabulary(), "ids are of the vocabulary", text);
        const auto begin = static_cast<std::size_t>(encoding.ranges[i].begin);
        const auto end = static_cast<std::size_t>(encoding.ranges[i].end);
        fuzz::expect(begin <= end && end <= text.size(), "ranges lie in the text", text);
        if (begin == end) continue;
        fuzz::expect(begin >= last, "ranges follow each other", text);
        last = begin;
    }
    tokenizer.decode(ids, true);
    tokenizer.decode(ids, false);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto parts = fuzz::partsOf(fuzz::textOf(data, size), 2);
    const auto tokenizer = Tokenizer::fromJson(parts[0], "tokenizer.json");
    if (!fuzz::isRead(tokenizer)) return 0;
    fuzz::expect(tokenizer->vocabulary() >= 0, "a vocabulary has a size");
    expectSound(*tokenizer, parts[1], {});
    expectSound(*tokenizer, parts[1], {.addSpecialTokens = false, .parseSpecialTokens = false});
    for (const std::string& token : tokenizer->specialTokens())
        fuzz::expect(tokenizer->idOf(token).has_value(), "a special token has an id", token);
    const std::vector<Id> strange = {-1, 0, 1, tokenizer->vocabulary(), 2'147'483'647, -2'147'483'648};
    tokenizer->decode(strange);
    return 0;
}
