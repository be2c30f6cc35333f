// SPDX-License-Identifier: GPL-3.0-or-later
// The house's own tokenizer file: reads back to the same merges, and any bytes survive encoding. Input: the file, and a
// text.
#include "fuzz.h"

#include "data/bpe.h"

#include <algorithm>

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto parts = fuzz::partsOf(fuzz::textOf(data, size), 2);
    const auto bpe = data::Bpe::fromJson(parts[0], "tokenizer.json");
    if (fuzz::isRead(bpe)) {
        const auto again = data::Bpe::fromJson(bpe->toJson(), "again.json");
        fuzz::expect(again.ok() && again->merges() == bpe->merges(), "what is written reads back equal");
        const auto ids = bpe->encode(parts[1]);
        fuzz::expect(bpe->decode(ids) == parts[1], "any bytes survive encoding", parts[1]);
        fuzz::expect(std::ranges::none_of(ids, [&](auto id) { return id < 0 || id >= bpe->endOfText(); }),
                     "ids are of the vocabulary and never the end of text", parts[1]);
    }
    const data::Bpe trained = data::Bpe::train({parts[1]}, data::Bpe::kSmallestVocabulary + 20);
    fuzz::expect(trained.decode(trained.encode(parts[0])) == parts[0], "a trained one keeps any bytes", parts[0]);
    return 0;
}
