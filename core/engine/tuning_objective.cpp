// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning_objective_impl.h"

#include "engine/token_logs_impl.h"
#include "engine/train_step_impl.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

namespace gradus::engine {

namespace {

Result<void> checkSequence(const TaughtSequence& sequence, bool taught, const models::ModelShape& shape,
                           const std::string& where)
{
    const auto size = static_cast<std::int32_t>(sequence.tokens.size());
    if (size < 1) return badInput(where + " is empty; leave it out.");
    if (size > shape.longestSequence())
        return badInput(where + " has " + std::to_string(size) + " tokens and the model takes " +
                        std::to_string(shape.longestSequence()) + "; shorten it.");
    const auto [least, most] = std::ranges::minmax_element(sequence.tokens);
    if (*least < 0 || *most >= shape.vocabularySize)
        return badInput(where + " has a token outside the vocabulary of " + std::to_string(shape.vocabularySize) +
                        "; use the tokenizer that the model was made for.");
    if (taught && sequence.taught.empty()) return badInput(where + " has no token to learn; leave it out.");
    std::int32_t after = 1;
    for (const TokenRange& range : sequence.taught) {
        if (range.begin < after || range.end <= range.begin || range.end > size)
            return badInput(where + " has taught positions outside it or out of order.");
        after = range.end;
    }
    return {};
}

} // namespace

Result<void> checkExamples(const FolderTuning& job, const models::ModelShape& shape,
                           const std::vector<TaughtExample>& examples, const std::string& what)
{
    const bool pairs = job.method == TuningMethod::Reward || job.method == TuningMethod::Preference;
    const bool taught = job.method == TuningMethod::Sft || job.method == TuningMethod::Preference;
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const std::string where = what + " " + std::to_string(i + 1);
        if (examples[i].sequences.size() != (pairs ? 2U : 1U))
            return badInput(where + " has " + std::to_string(examples[i].sequences.size()) + " texts; " +
                            std::string(nameOf(job.method)) + " needs " + (pairs ? "two." : "one."));
        for (const TaughtSequence& sequence : examples[i].sequences)
            if (auto checked = checkSequence(sequence, taught, shape, where); !checked) return checked;
        if (!(examples[i].preference >= 0 && examples[i].preference <= 1))
            return badInput(where + " is preferred with a probability outside [0, 1].");
        if (job.method != TuningMethod::Classify) continue;
        double sum = 0;
        for (const float share : examples[i].target)
            sum += share >= 0 ? share : std::nan("");
        if (examples[i].target.size() != static_cast<std::size_t>(job.classes) || !(std::abs(sum - 1) < 1e-3))
            return badInput(where + " has no probabilities of " + std::to_string(job.classes) +
                            " classes that add up to 1.");
    }
    return {};
}

PackedRows packRows(std::vector<const TaughtSequence*> rows, at::Device device)
{
    PackedRows packed{.ids_BT = {}, .rows = std::move(rows)};
    std::int64_t longest = 0;
    for (const TaughtSequence* sequence : packed.rows) {
        const auto length = static_cast<std::int64_t>(sequence->tokens.size());
        packed.realTokens += length;
        longest = std::max(longest, length);
    }
    at::Tensor ids_BT = at::zeros({static_cast<std::int64_t>(packed.rows.size()), longest}, at::kLong);
    std::int64_t* row = ids_BT.data_ptr<std::int64_t>();
    for (const TaughtSequence* sequence : packed.rows) {
        std::ranges::copy(sequence->tokens, row);
        row += longest;
    }
    packed.ids_BT = ids_BT.to(device);
    return packed;
}

TaughtLogs taughtLogs(const models::Decoder& decoder, const PackedRows& packed)
{
    std::vector<std::int64_t> places; // flat positions that predict a taught token
    std::vector<std::int64_t> targets;
    std::vector<std::int64_t> owners;
    for (std::size_t b = 0; b < packed.rows.size(); ++b)
        for (const TokenRange& range : packed.rows[b]->taught)
            for (std::int32_t t = range.begin; t < range.end; ++t) {
                places.push_back(static_cast<std::int64_t>(b) * packed.ids_BT.size(1) + t - 1);
                targets.push_back(packed.rows[b]->tokens[static_cast<std::size_t>(t)]);
                owners.push_back(static_cast<std::int64_t>(b));
            }
    const at::Device device = packed.ids_BT.device();
    const at::Tensor hidden_BTD = decoder.hidden(packed.ids_BT);
    const at::Tensor hidden_RD =
        hidden_BTD.reshape({-1, hidden_BTD.size(2)}).index_select(0, indexTensor(places).to(device));
    return {.logs_R = tokenLogs(hidden_RD, decoder.outputWeight(), indexTensor(targets).to(device), kMostLogits),
            .owners_R = indexTensor(owners).to(device)};
}

at::Tensor rowSums(const TaughtLogs& logs, std::size_t rows)
{
    return at::zeros({static_cast<std::int64_t>(rows)}, logs.logs_R.options().requires_grad(false))
        .index_add(0, logs.owners_R, logs.logs_R);
}

Objective::Objective(models::Decoder decoder, const std::vector<TaughtExample>& examples)
    : m_decoder(std::move(decoder)), m_examples(examples)
{
    for (const TaughtExample& each : examples) {
        std::size_t longest = 0;
        for (const TaughtSequence& sequence : each.sequences)
            longest = std::max(longest, sequence.tokens.size());
        m_lengths.push_back(static_cast<std::int64_t>(longest));
    }
}

PackedRows Objective::pack(const Batch& batch) const
{
    std::vector<const TaughtSequence*> rows;
    for (std::size_t side = 0; side < example(batch.front()).sequences.size(); ++side)
        for (const std::int64_t index : batch)
            rows.push_back(&example(index).sequences[side]);
    return packRows(std::move(rows), m_decoder.device());
}

at::Tensor Objective::onDevice(const std::vector<float>& values) const
{
    at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())});
    std::ranges::copy(values, tensor.data_ptr<float>());
    return tensor.to(m_decoder.device());
}

} // namespace gradus::engine
