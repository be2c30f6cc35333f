// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning_objective_impl.h"

#include "engine/token_logs_impl.h"
#include "engine/train_step_impl.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <numeric>

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

/// One row of all sequences without a gap, with every token's place in its own sequence.
void layEndToEnd(PackedRows& packed, at::Device device)
{
    at::Tensor ids = at::empty({1, packed.realTokens}, at::kLong);
    at::Tensor positions = at::empty({1, packed.realTokens}, at::kLong);
    at::Tensor starts = at::empty({static_cast<std::int64_t>(packed.rows.size()) + 1}, at::kInt);
    auto* id = ids.data_ptr<std::int64_t>();
    auto* position = positions.data_ptr<std::int64_t>();
    auto* start = starts.data_ptr<std::int32_t>();
    std::int64_t begin = 0;
    for (const TaughtSequence* sequence : packed.rows) {
        packed.begins.push_back(begin);
        *start++ = static_cast<std::int32_t>(begin);
        std::ranges::copy(sequence->tokens, id + begin);
        const auto length = static_cast<std::int64_t>(sequence->tokens.size());
        std::iota(position + begin, position + begin + length, std::int64_t{0});
        begin += length;
    }
    *start = static_cast<std::int32_t>(begin);
    packed.ids_BT = ids.to(device);
    packed.positions_BT = positions.to(device);
    packed.starts_B1 = starts.to(device);
}

} // namespace

Result<std::int64_t> checkExamples(const FolderTuning& job, const models::ModelShape& shape, const Examples& examples,
                                   const std::string& what)
{
    std::size_t longest = 0;
    const bool pairs = job.method == TuningMethod::Reward || job.method == TuningMethod::Preference;
    const bool taught = job.method == TuningMethod::Sft || job.method == TuningMethod::Preference;
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const std::string where = what + " " + std::to_string(i + 1);
        const auto kept = examples.at(i);
        const TaughtExample& example = *kept;
        if (example.sequences.size() != (pairs ? 2U : 1U))
            return badInput(where + " has " + std::to_string(example.sequences.size()) + " texts; " +
                            std::string(nameOf(job.method)) + " needs " + (pairs ? "two." : "one."));
        for (const TaughtSequence& sequence : example.sequences) {
            if (auto checked = checkSequence(sequence, taught, shape, where); !checked) return checked.error();
            longest = std::max(longest, sequence.tokens.size());
        }
        if (!(example.preference >= 0 && example.preference <= 1))
            return badInput(where + " is preferred with a probability outside [0, 1].");
        if (job.method != TuningMethod::Classify) continue;
        double sum = 0;
        for (const float share : example.target)
            sum += share >= 0 ? share : std::nan("");
        if (example.target.size() != static_cast<std::size_t>(job.classes) || !(std::abs(sum - 1) < 1e-3))
            return badInput(where + " has no probabilities of " + std::to_string(job.classes) +
                            " classes that add up to 1.");
    }
    return static_cast<std::int64_t>(longest);
}

PackedRows packRows(std::vector<const TaughtSequence*> rows, at::Device device, bool endToEnd)
{
    PackedRows packed{.ids_BT = {}, .rows = std::move(rows)};
    for (const TaughtSequence* sequence : packed.rows) {
        const auto length = static_cast<std::int64_t>(sequence->tokens.size());
        packed.realTokens += length;
        packed.longest = std::max(packed.longest, length);
    }
    const auto count = static_cast<std::int64_t>(packed.rows.size());
    if (endToEnd && packed.realTokens < count * packed.longest) {
        layEndToEnd(packed, device);
        return packed;
    }
    at::Tensor ids_BT = at::zeros({count, packed.longest}, at::kLong);
    std::int64_t* row = ids_BT.data_ptr<std::int64_t>();
    for (const TaughtSequence* sequence : packed.rows) {
        packed.begins.push_back(packed.longest * static_cast<std::int64_t>(packed.begins.size()));
        std::ranges::copy(sequence->tokens, row);
        row += packed.longest;
    }
    packed.ids_BT = ids_BT.to(device);
    return packed;
}

namespace {

/// Where taught tokens are predicted, and what they are.
struct Places
{
    std::vector<std::int64_t> flat; ///< positions of the batch laid end to end
    std::vector<std::int64_t> targets;
    std::vector<std::int64_t> owners;
};

Places placesOf(const PackedRows& packed)
{
    Places places;
    for (std::size_t b = 0; b < packed.rows.size(); ++b)
        for (const TokenRange& range : packed.rows[b]->taught)
            for (std::int32_t t = range.begin; t < range.end; ++t) {
                places.flat.push_back(packed.begin(b) + t - 1);
                places.targets.push_back(packed.rows[b]->tokens[static_cast<std::size_t>(t)]);
                places.owners.push_back(static_cast<std::int64_t>(b));
            }
    return places;
}

at::Tensor statesAt(const models::Decoder& decoder, const PackedRows& packed, const std::vector<std::int64_t>& flat)
{
    const at::Tensor hidden_BTD = hiddenOf(decoder, packed);
    return hidden_BTD.reshape({-1, hidden_BTD.size(2)}).index_select(0, indexTensor(flat).to(hidden_BTD.device()));
}

} // namespace

at::Tensor hiddenOf(const models::Decoder& decoder, const PackedRows& packed)
{
    return packed.starts_B1.defined()
               ? decoder.hidden(packed.ids_BT, packed.positions_BT, packed.starts_B1, packed.longest)
               : decoder.hidden(packed.ids_BT);
}

TaughtLogs taughtLogs(const models::Decoder& decoder, const PackedRows& packed)
{
    const Places places = placesOf(packed);
    const at::Device device = packed.ids_BT.device();
    return {.logs_R = tokenLogs(statesAt(decoder, packed, places.flat), decoder.outputWeight(),
                                indexTensor(places.targets).to(device), mostLogits(device)),
            .owners_R = indexTensor(places.owners).to(device)};
}

at::Tensor taughtSum(const models::Decoder& decoder, const PackedRows& packed)
{
    const Places places = placesOf(packed);
    const at::Device device = packed.ids_BT.device();
    return summedTokenLogs(statesAt(decoder, packed, places.flat), decoder.outputWeight(),
                           indexTensor(places.targets).to(device), mostLogits(device));
}

at::Tensor rowSums(const TaughtLogs& logs, std::size_t rows)
{
    return at::zeros({static_cast<std::int64_t>(rows)}, logs.logs_R.options().requires_grad(false))
        .index_add(0, logs.owners_R, logs.logs_R);
}

Objective::Objective(models::Decoder decoder, const Examples& examples)
    : m_decoder(std::move(decoder)), m_examples(examples)
{
    for (std::size_t i = 0; i < examples.size(); ++i) {
        std::size_t longest = 0;
        const auto each = examples.at(i);
        for (const TaughtSequence& sequence : each->sequences)
            longest = std::max(longest, sequence.tokens.size());
        m_lengths.push_back(static_cast<std::int64_t>(longest));
    }
}

PackedRows Objective::pack(const Batch& batch) const
{
    std::vector<std::shared_ptr<const TaughtExample>> owners;
    for (const std::int64_t index : batch)
        owners.push_back(example(index));
    std::vector<const TaughtSequence*> rows;
    for (std::size_t side = 0; side < owners.front()->sequences.size(); ++side)
        for (const auto& owner : owners)
            rows.push_back(&owner->sequences[side]);
    PackedRows packed = packRows(std::move(rows), m_decoder.device(), m_decoder.takesEndToEnd());
    packed.owners = std::move(owners);
    return packed;
}

at::Tensor Objective::onDevice(const std::vector<float>& values) const
{
    at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())});
    std::ranges::copy(values, tensor.data_ptr<float>());
    return tensor.to(m_decoder.device());
}

} // namespace gradus::engine
