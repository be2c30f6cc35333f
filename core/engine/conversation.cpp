// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/conversation.h"

#include "engine/language_model_impl.h"
#include "engine/numbers.h"
#include "engine/torch_errors_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace gradus::engine {

namespace {

constexpr std::int64_t kPart = 512;  ///< prompt tokens read at once: a mask of part x all is held
constexpr std::int64_t kRoom = 1024; ///< the cache grows by so many positions

at::Tensor idsOf(const Tokens& tokens, std::size_t begin, std::size_t end)
{
    at::Tensor ids = at::empty({1, static_cast<std::int64_t>(end - begin)}, at::kLong);
    std::copy(tokens.begin() + static_cast<std::ptrdiff_t>(begin), tokens.begin() + static_cast<std::ptrdiff_t>(end),
              ids.data_ptr<std::int64_t>());
    return ids;
}

} // namespace

struct Conversation::Impl
{
    const models::Decoder& decoder;
    models::DecoderCache cache = {};
    std::int64_t room = 0;
    Tokens known = {}; ///< whose keys and values are in the cache
    std::int64_t read = 0;
    std::int64_t reused = 0;

    void makeRoom(std::int64_t positions)
    {
        if (positions <= room) return;
        const std::int64_t wanted = (positions + kRoom - 1) / kRoom * kRoom;
        cache = decoder.goingOn(cache, 1, wanted);
        room = wanted;
    }

    /// Hidden states of these tokens, which join what is known.
    at::Tensor feed(const Tokens& tokens, std::size_t begin, std::size_t end)
    {
        at::Tensor hidden = decoder.next(idsOf(tokens, begin, end).to(decoder.device()), cache, {}, {});
        known.insert(known.end(), tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                     tokens.begin() + static_cast<std::ptrdiff_t>(end));
        return hidden;
    }

    /// Reads the prompt but for what it shares with what is known; its last token is always read, for its logits.
    Result<at::Tensor> readPrompt(const Tokens& prompt, const StopFlag& stop)
    {
        const auto differ = std::ranges::mismatch(prompt, known);
        const auto shared = std::min(static_cast<std::size_t>(differ.in1 - prompt.begin()), prompt.size() - 1);
        known.resize(shared);
        cache.length = static_cast<std::int64_t>(shared);
        reused += static_cast<std::int64_t>(shared);
        at::Tensor hidden;
        for (std::size_t at = shared; at < prompt.size();) {
            if (stop.requested())
                return Error{.message = "Reading the prompt was stopped.", .kind = ErrorKind::Stopped};
            const std::size_t end = std::min(prompt.size(), at + static_cast<std::size_t>(kPart));
            hidden = feed(prompt, at, end);
            read += static_cast<std::int64_t>(end - at);
            at = end;
        }
        return hidden;
    }

    Result<Continuation> reply(const Tokens& prompt, const GenerationOptions& options, std::uint64_t turn,
                               const StopFlag& stop)
    {
        const c10::InferenceMode inference;
        makeRoom(static_cast<std::int64_t>(prompt.size()) + options.maxNewTokens);
        auto hidden_BTD = readPrompt(prompt, stop);
        if (!hidden_BTD) return hidden_BTD.error();
        Sampler sampler(options.sampling);
        Continuation made;
        while (static_cast<int>(made.tokens.size()) < options.maxNewTokens) {
            if (stop.requested()) return Error{.message = "Generation was stopped.", .kind = ErrorKind::Stopped};
            const at::Tensor logits =
                decoder.logits(hidden_BTD->select(1, hidden_BTD->size(1) - 1)).to(at::kCPU, at::kFloat).contiguous();
            const std::span row(logits.const_data_ptr<float>(), static_cast<std::size_t>(logits.size(1)));
            if (auto checked = checkNumbers(row); !checked) return checked.error();
            made.tokens.push_back(sampler.draw(row, turn, made.tokens.size()));
            made.stopped = std::ranges::find(options.stopIds, made.tokens.back()) != options.stopIds.end() ||
                           (options.ended && options.ended(0, made.tokens));
            if (made.stopped || static_cast<int>(made.tokens.size()) == options.maxNewTokens) break;
            *hidden_BTD = feed(made.tokens, made.tokens.size() - 1, made.tokens.size());
        }
        return made;
    }
};

Conversation::Conversation(const LanguageModel& model) : m_impl(std::make_unique<Impl>(Impl{model.m_impl->decoder})) {}
Conversation::~Conversation() = default;
Conversation::Conversation(Conversation&&) noexcept = default;
Conversation& Conversation::operator=(Conversation&&) noexcept = default;

Result<Continuation> Conversation::reply(const Tokens& prompt, const GenerationOptions& options, std::uint64_t turn,
                                         const StopFlag& stop)
{
    const models::ModelShape& shape = m_impl->decoder.shape();
    if (options.maxNewTokens < 1) return badInput("A reply needs 1 new token or more.");
    if (auto checked = checkSampling(options.sampling); !checked) return checked.error();
    if (prompt.empty()) return badInput("The prompt is empty.");
    if (prompt.size() + static_cast<std::size_t>(options.maxNewTokens) >
        static_cast<std::size_t>(shape.longestSequence()))
        return badInput("The prompt has " + std::to_string(prompt.size()) + " tokens and " +
                        std::to_string(options.maxNewTokens) + " new ones are asked for, but the model takes " +
                        std::to_string(shape.longestSequence()) + "; shorten it or ask for fewer.");
    const auto [least, most] = std::ranges::minmax_element(prompt);
    if (*least < 0 || *most >= shape.vocabularySize)
        return badInput("The prompt has a token outside the vocabulary of " + std::to_string(shape.vocabularySize) +
                        "; use the tokenizer that the model was made for.");
    return caught("Generation", [&] { return m_impl->reply(prompt, options, turn, stop); });
}

std::int64_t Conversation::read() const
{
    return m_impl->read;
}

std::int64_t Conversation::reused() const
{
    return m_impl->reused;
}

} // namespace gradus::engine
