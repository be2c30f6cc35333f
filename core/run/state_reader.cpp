// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/state_reader.h"

#include "engine/language_model.h"
#include "text/tokenizer.h"

#include <algorithm>

namespace gradus::run {

namespace {

constexpr std::size_t kLongest = 512; ///< tokens

class FolderReader final : public monitors::StateReader
{
public:
    FolderReader(std::string name, text::Tokenizer tokenizer, engine::LanguageModel model)
        : m_name(std::move(name)), m_tokenizer(std::move(tokenizer)), m_model(std::move(model))
    {
    }

    std::string name() const override { return m_name; }

    Result<std::vector<float>> states(const std::string& text) override
    {
        engine::Tokens tokens = m_tokenizer.encode(text, {.parseSpecialTokens = false});
        if (tokens.empty()) tokens = m_tokenizer.encode("\n", {.parseSpecialTokens = false});
        const auto longest = std::min(kLongest, static_cast<std::size_t>(m_model.shape().longestSequence()));
        if (tokens.size() > longest) tokens.erase(tokens.begin(), tokens.end() - static_cast<std::ptrdiff_t>(longest));
        return m_model.lastStates({tokens}, {m_model.shape().layers / 2});
    }

private:
    std::string m_name;
    text::Tokenizer m_tokenizer;
    engine::LanguageModel m_model;
};

} // namespace

Result<std::unique_ptr<monitors::StateReader>> openStateReader(const std::filesystem::path& folder)
{
    auto tokenizer = text::Tokenizer::open(folder);
    if (!tokenizer) return tokenizer.error();
    auto model = engine::LanguageModel::open(folder);
    if (!model) return model.error();
    return std::unique_ptr<monitors::StateReader>(
        std::make_unique<FolderReader>(folder.filename().string(), std::move(*tokenizer), std::move(*model)));
}

} // namespace gradus::run
