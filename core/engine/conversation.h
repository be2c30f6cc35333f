// SPDX-License-Identifier: GPL-3.0-or-later
// A language model that is asked again and again with a prompt that grows: what it has read is kept, not read again.
#pragma once

#include "engine/language_model.h"

#include <cstdint>
#include <memory>

namespace gradus::engine {

/// Borrows the model, which must not be tuned meanwhile. One thread.
class Conversation final
{
public:
    explicit Conversation(const LanguageModel& model);
    ~Conversation();
    Conversation(Conversation&&) noexcept;
    Conversation& operator=(Conversation&&) noexcept;

    /// What follows the prompt, as LanguageModel::generate() would continue it alone. `turn` names the random stream.
    /// Errors as generate()'s; a stop is asked for between two tokens.
    Result<Continuation> reply(const Tokens& prompt, const GenerationOptions& options, std::uint64_t turn,
                               const StopFlag& stop);

    std::int64_t read() const;   ///< prompt tokens that went through the model
    std::int64_t reused() const; ///< prompt tokens that did not have to

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace gradus::engine
