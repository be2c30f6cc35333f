// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/model_tokenizer.h"

namespace gradus::text {

Result<Tokenizer> modelTokenizer(const std::filesystem::path& folder, int vocabularySize)
{
    auto tokenizer = Tokenizer::open(folder);
    if (tokenizer && tokenizer->vocabulary() > vocabularySize)
        return badInput(folder.string() + " has a tokenizer of " + std::to_string(tokenizer->vocabulary()) +
                        " tokens and a model of " + std::to_string(vocabularySize) +
                        "; fetch the tokenizer that belongs to the model.");
    return tokenizer;
}

} // namespace gradus::text
