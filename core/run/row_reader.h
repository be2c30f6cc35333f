// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of training data as token ids, as one model wants them for one method.
#pragma once

#include "base/result.h"
#include "chat/chat_template.h"
#include "data/training_rows.h"
#include "engine/folder_tuning.h"
#include "text/tokenizer.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradus::run {

/// Counts what it leaves out. One thread.
class RowReader final
{
public:
    /// longest: tokens of a text; longer ones are left out (sft, reward, dpo) or lose their beginning (classify).
    /// Errors as Tokenizer::open.
    static Result<RowReader> open(const std::filesystem::path& folder, engine::TuningMethod method,
                                  std::size_t longest);

    /// None when the row is left out. An error names the row's line.
    Result<std::optional<engine::TaughtExample>> read(const data::TrainingRow& row);
    /// Those that are not left out.
    Result<std::vector<engine::TaughtExample>> read(const std::vector<data::TrainingRow>& rows);

    /// Sentences, each with a space after it, on what was left out or cut so far.
    std::string note() const;

private:
    RowReader(std::filesystem::path folder, text::Tokenizer tokenizer, engine::TuningMethod method,
              std::size_t longest);
    Result<std::optional<engine::TaughtExample>> exampleOf(const data::TrainingRow& row);
    Result<engine::TaughtSequence> sequenceOf(const data::TrainingText& text);
    Result<engine::TaughtSequence> plain(const data::TrainingText& text) const;
    Result<engine::TaughtSequence> dialogue(const data::TrainingText& text);
    Result<std::vector<text::Id>> rendered(const std::vector<data::Turn>& turns, std::size_t count, bool prompt);

    std::filesystem::path m_folder;
    text::Tokenizer m_tokenizer;
    engine::TuningMethod m_method;
    std::size_t m_longest;
    std::optional<text::Id> m_end;
    std::optional<chat::ChatTemplate> m_template; ///< opened when the first dialogue comes
    std::size_t m_tooLong = 0;
    std::size_t m_untaught = 0;
    std::size_t m_cut = 0;
};

} // namespace gradus::run
