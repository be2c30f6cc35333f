// SPDX-License-Identifier: GPL-3.0-or-later
// A Hugging Face tokenizer.json: text to ids and back, with the range of the text that every token came from.
#pragma once

#include "base/result.h"
#include "text/aligned_text.h"
#include "text/bpe_model.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::text {

struct EncodeOptions
{
    bool addSpecialTokens = true;   ///< what the post-processor puts around the text (<s>)
    bool parseSpecialTokens = true; ///< whether special tokens are recognised inside the text; false for text that
                                    ///< must not be able to end its turn
};

struct Encoding
{
    std::vector<Id> ids;
    std::vector<Range> ranges; ///< bytes of the caller's text; empty ranges for what the post-processor added
};

/// Special tokens by their role, as tokenizer_config.json names them; empty where it names none.
struct SpecialTokens
{
    std::string bos;
    std::string eos;
    std::string pad;
    std::string unk;
};

/// Copies share the vocabulary. One thread at a time may use one object (it remembers what it has merged).
class Tokenizer final
{
public:
    /// A folder with tokenizer.json (and perhaps tokenizer_config.json), or the file itself. Bad input: what is not
    /// supported, by name; malformed JSON; merges and ids that do not fit.
    static Result<Tokenizer> open(const std::filesystem::path& path);
    static Result<Tokenizer> fromJson(std::string_view json, const std::string& file);
    ~Tokenizer();
    Tokenizer(const Tokenizer& other);
    Tokenizer& operator=(const Tokenizer& other);
    Tokenizer(Tokenizer&&) noexcept;
    Tokenizer& operator=(Tokenizer&&) noexcept;

    /// Text that is not UTF-8 is read with U+FFFD in place of what is ill-formed. At most 2^31 - 1 bytes.
    std::vector<Id> encode(std::string_view text, const EncodeOptions& options = {}) const;
    Encoding encodeWithRanges(std::string_view text, const EncodeOptions& options = {}) const;

    /// Unknown ids give nothing.
    std::string decode(std::span<const Id> ids, bool skipSpecial = true) const;

    int vocabulary() const; ///< one more than the largest id
    std::optional<Id> idOf(std::string_view token) const;
    const SpecialTokens& specials() const;
    /// The texts of all added tokens that are special, longest first.
    std::vector<std::string> specialTokens() const;
    /// tokenizer_config.json's chat template, or empty.
    const std::string& chatTemplate() const;

private:
    struct Shared;
    struct Cache;
    explicit Tokenizer(std::shared_ptr<Shared> shared);
    template <typename Sink>
    void run(std::string_view text, const EncodeOptions& options, Sink& sink) const;

    std::shared_ptr<const Shared> m_shared;
    std::unique_ptr<Cache> m_cache;
};

} // namespace gradus::text
