// SPDX-License-Identifier: GPL-3.0-or-later
// What a method of tuning asks of a model: a loss to go down, and what it says of examples that were held out.
#pragma once

#include "engine/batches.h"
#include "engine/folder_tuning.h"
#include "engine/task_head_impl.h"
#include "models/decoder_impl.h"

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

// Shape letters: B sequences, T positions, D width, R taught tokens, N examples, K classes.
namespace gradus::engine {

/// Sequences of a batch on the model's device: padded to the right, or in one row end to end.
struct PackedRows
{
    at::Tensor ids_BT;
    std::vector<const TaughtSequence*> rows;
    std::vector<std::shared_ptr<const TaughtExample>> owners = {}; ///< of the rows, where nobody else keeps them
    std::vector<std::int64_t> begins = {};                         ///< where each begins in the batch laid flat
    std::int64_t realTokens = 0;
    std::int64_t longest = 0;
    at::Tensor positions_BT = {}; ///< end to end: every token's place in its own sequence
    at::Tensor starts_B1 = {};    ///< end to end: int32 [B + 1], begins and the end

    std::int64_t begin(std::size_t row) const { return begins[row]; }
};

/// endToEnd: where lengths differ, lay the sequences into one row; the decoder must take that.
PackedRows packRows(std::vector<const TaughtSequence*> rows, at::Device device, bool endToEnd);
/// Hidden states of the batch, [B, T, D] or [1, all tokens, D].
at::Tensor hiddenOf(const models::Decoder& decoder, const PackedRows& packed);

/// log p of every taught token given all before it.
struct TaughtLogs
{
    at::Tensor logs_R;   ///< float
    at::Tensor owners_R; ///< which row each belongs to
};
TaughtLogs taughtLogs(const models::Decoder& decoder, const PackedRows& packed);
/// Their sum over the batch, 0-d, at the least cost when no row's own is asked.
at::Tensor taughtSum(const models::Decoder& decoder, const PackedRows& packed);
/// Sum of the logs of each row: [B].
at::Tensor rowSums(const TaughtLogs& logs, std::size_t rows);

/// One set of examples under one method. Borrows the examples and reads a batch of them at a time; shares the decoder's
/// weights. May throw what libtorch throws.
class Objective
{
public:
    Objective(models::Decoder decoder, const Examples& examples);
    virtual ~Objective() = default;
    Objective(const Objective&) = delete;
    Objective& operator=(const Objective&) = delete;

    /// Before the first step of a job that was not resumed.
    virtual void prepare() {}
    /// What prepare() found, to be kept in checkpoints; no copies.
    virtual std::vector<models::NamedTensor> prepared() const { return {}; }

    /// What the example counts for in a mean.
    virtual double weight(std::int64_t) const { return 1; }
    struct Loss
    {
        at::Tensor sum; ///< over the batch's examples, 0-d
        std::int64_t realTokens = 0;
    };
    virtual Loss loss(const Batch& batch) const = 0;
    /// Appends a score an example, in the batch's order. No gradient is recorded.
    virtual void score(const Batch& batch, std::vector<ExampleScore>& scores) const = 0;

    /// The padded tokens that an example brings to a batch.
    const std::vector<std::int64_t>& lengths() const { return m_lengths; }

protected:
    std::shared_ptr<const TaughtExample> example(std::int64_t index) const
    {
        return m_examples.at(static_cast<std::size_t>(index));
    }
    /// First all first sequences, then all second ones.
    PackedRows pack(const Batch& batch) const;
    at::Tensor onDevice(const std::vector<float>& values) const;

    models::Decoder m_decoder;

private:
    const Examples& m_examples;
    std::vector<std::int64_t> m_lengths;
};

/// head is used by Reward and Classify and must outlive the objective. name tells prepared() tensors of several
/// objectives apart.
std::unique_ptr<Objective> makeObjective(const FolderTuning& job, const models::Decoder& decoder, const TaskHead* head,
                                         const Examples& examples, const std::string& name);

/// Tokens of the longest text. Bad input where a model of that shape cannot read all examples or the method cannot
/// learn from them; what names the set.
Result<std::int64_t> checkExamples(const FolderTuning& job, const models::ModelShape& shape, const Examples& examples,
                                   const std::string& what);

} // namespace gradus::engine
