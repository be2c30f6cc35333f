// SPDX-License-Identifier: GPL-3.0-or-later
// The four methods' losses.
#include "engine/tuning_objective_impl.h"

#include "engine/train_step_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/log_softmax.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace gradus::engine {

namespace {

constexpr std::int64_t kReferenceTokens = 4096; ///< activations of a small model stay in the cache

std::vector<float> valuesOf(const at::Tensor& tensor)
{
    const at::Tensor plain = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    const float* begin = plain.const_data_ptr<float>();
    return {begin, begin + plain.numel()};
}

/// Mean cross-entropy of the taught tokens.
class LanguageObjective final : public Objective
{
public:
    using Objective::Objective;

    double weight(std::int64_t index) const override
    {
        double tokens = 0;
        const auto kept = example(index);
        for (const TokenRange& range : kept->sequences.front().taught)
            tokens += range.end - range.begin;
        return tokens;
    }

    Loss loss(const Batch& batch) const override
    {
        const PackedRows packed = pack(batch);
        return {taughtSum(m_decoder, packed).neg(), packed.realTokens};
    }

    void score(const Batch& batch, std::vector<ExampleScore>& scores) const override
    {
        const auto sums = valuesOf(rowSums(taughtLogs(m_decoder, pack(batch)), batch.size()));
        for (std::size_t i = 0; i < batch.size(); ++i)
            scores.push_back({.loss = -sums[i], .weight = weight(batch[i])});
    }
};

/// Direct preference optimisation. What the model says before its first step is asked once and kept: two numbers a
/// pair stand for the frozen reference, with and without an adapter.
class PreferenceObjective final : public Objective
{
public:
    PreferenceObjective(const models::Decoder& decoder, const Examples& examples, const PreferenceLoss& loss,
                        std::string name)
        : Objective(decoder, examples), m_loss(loss), m_name(std::move(name)),
          m_reference_2N(at::empty({2, static_cast<std::int64_t>(examples.size())}))
    {
    }

    void prepare() override
    {
        const c10::InferenceMode inference;
        for (const Batch& batch : budgetBatches(lengths(), kReferenceTokens / 2)) {
            const auto sums = valuesOf(sumsOf(pack(batch)));
            for (std::size_t side = 0; side < 2; ++side)
                for (std::size_t i = 0; i < batch.size(); ++i)
                    reference(side)[batch[i]] = sums[side * batch.size() + i];
        }
    }
    std::vector<models::NamedTensor> prepared() const override { return {{"reference." + m_name, m_reference_2N}}; }

    Loss loss(const Batch& batch) const override
    {
        const PackedRows packed = pack(batch);
        const at::Tensor sums = sumsOf(packed);
        const auto pairs = static_cast<std::int64_t>(batch.size());
        std::vector<float> before;
        for (const std::int64_t pair : batch)
            before.push_back(reference(0)[pair] - reference(1)[pair]);
        const at::Tensor z_N =
            sums.narrow(0, 0, pairs).sub(sums.narrow(0, pairs, pairs)).sub(onDevice(before)).mul(m_loss.beta);
        const PreferenceWeights weights = weightsOf(m_loss);
        return {at::log_sigmoid(z_N).mul(weights.held).add(at::log_sigmoid(z_N.neg()), weights.flipped).sum().neg(),
                packed.realTokens};
    }

    void score(const Batch& batch, std::vector<ExampleScore>& scores) const override
    {
        const auto sums = valuesOf(sumsOf(pack(batch)));
        for (std::size_t i = 0; i < batch.size(); ++i) {
            ExampleScore made;
            made.chosen = m_loss.beta * (sums[i] - reference(0)[batch[i]]);
            made.rejected = m_loss.beta * (sums[batch.size() + i] - reference(1)[batch[i]]);
            made.loss = preferenceLoss(m_loss, made.chosen - made.rejected);
            made.right = made.chosen > made.rejected;
            scores.push_back(made);
        }
    }

private:
    at::Tensor sumsOf(const PackedRows& packed) const
    {
        return rowSums(taughtLogs(m_decoder, packed), packed.rows.size());
    }
    float* reference(std::size_t side) const
    {
        return m_reference_2N.data_ptr<float>() + static_cast<std::int64_t>(side) * m_reference_2N.size(1);
    }

    PreferenceLoss m_loss;
    std::string m_name;
    at::Tensor m_reference_2N; ///< log p of chosen and rejected; on the CPU
};

/// A linear head on the last token's state: its one score compared (Reward), or its classes (Classify).
class HeadObjective final : public Objective
{
public:
    HeadObjective(const models::Decoder& decoder, const Examples& examples, const TaskHead& head)
        : Objective(decoder, examples), m_head(head)
    {
    }

    Loss loss(const Batch& batch) const override
    {
        const PackedRows packed = pack(batch);
        const at::Tensor out_BK = logitsOf(packed);
        const auto count = static_cast<std::int64_t>(batch.size());
        std::vector<float> targets;
        if (compares()) {
            for (const std::int64_t index : batch)
                targets.push_back(example(index)->preference);
            const at::Tensor margin_N = out_BK.view({2, count}).select(0, 0).sub(out_BK.view({2, count}).select(0, 1));
            const at::Tensor held_N = onDevice(targets);
            return {at::log_sigmoid(margin_N)
                        .mul(held_N)
                        .add(at::log_sigmoid(margin_N.neg()).mul(held_N.neg().add(1)))
                        .sum()
                        .neg(),
                    packed.realTokens};
        }
        for (const std::int64_t index : batch) {
            const auto kept = example(index);
            targets.insert(targets.end(), kept->target.begin(), kept->target.end());
        }
        return {at::log_softmax(out_BK, 1).mul(onDevice(targets).view(out_BK.sizes())).sum().neg(), packed.realTokens};
    }

    void score(const Batch& batch, std::vector<ExampleScore>& scores) const override
    {
        const at::Tensor out_BK = logitsOf(pack(batch));
        compares() ? scorePairs(batch, valuesOf(out_BK), scores)
                   : scoreClasses(batch, valuesOf(at::log_softmax(out_BK, 1)), scores);
    }

private:
    bool compares() const { return m_head.shape().kind == HeadKind::Compare; }

    at::Tensor logitsOf(const PackedRows& packed) const
    {
        std::vector<std::int64_t> last;
        for (std::size_t b = 0; b < packed.rows.size(); ++b)
            last.push_back(packed.begin(b) + static_cast<std::int64_t>(packed.rows[b]->tokens.size()) - 1);
        const at::Tensor hidden_BTD = hiddenOf(m_decoder, packed);
        const at::Tensor read_BD =
            hidden_BTD.reshape({-1, hidden_BTD.size(2)}).index_select(0, indexTensor(last).to(packed.ids_BT.device()));
        return m_head.scores(read_BD.to(at::kFloat));
    }

    void scorePairs(const Batch& batch, const std::vector<float>& out, std::vector<ExampleScore>& scores) const
    {
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const double held = example(batch[i])->preference;
            ExampleScore made{.chosen = out[i], .rejected = out[batch.size() + i]};
            const double margin = made.chosen - made.rejected;
            const PreferenceLoss plain;
            made.loss = held * preferenceLoss(plain, margin) + (1 - held) * preferenceLoss(plain, -margin);
            made.right = held >= 0.5 ? margin > 0 : margin < 0;
            scores.push_back(made);
        }
    }

    void scoreClasses(const Batch& batch, const std::vector<float>& logs, std::vector<ExampleScore>& scores) const
    {
        const auto classes = static_cast<std::size_t>(m_head.shape().classes);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const auto kept = example(batch[i]);
            const std::vector<float>& target = kept->target;
            const float* row = logs.data() + i * classes;
            ExampleScore made;
            for (std::size_t k = 0; k < classes; ++k)
                made.loss -= static_cast<double>(target[k]) * row[k];
            made.right =
                std::max_element(row, row + classes) - row == std::ranges::max_element(target) - target.begin();
            scores.push_back(made);
        }
    }

    const TaskHead& m_head;
};

} // namespace

std::unique_ptr<Objective> makeObjective(const FolderTuning& job, const models::Decoder& decoder, const TaskHead* head,
                                         const Examples& examples, const std::string& name)
{
    if (job.method == TuningMethod::Sft) return std::make_unique<LanguageObjective>(decoder, examples);
    if (job.method == TuningMethod::Preference)
        return std::make_unique<PreferenceObjective>(decoder, examples, job.preference, name);
    return std::make_unique<HeadObjective>(decoder, examples, *head);
}

} // namespace gradus::engine
