// SPDX-License-Identifier: GPL-3.0-or-later
// A task as the pipeline sees it: items of token ids with a hidden truth, in pools that never overlap.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gradus::data {

/// One item. Classification: one sequence and the class is read off it. Preference: two sequences or more, truth says
/// which of them is the best (0: first).
struct Item
{
    std::vector<std::vector<std::int32_t>> sequences; ///< empty where every rung reads with a tokenizer of its own
    std::vector<std::string> texts;                   ///< what the sequences say; empty in worlds without text
    int truth = 0;
};

/// Items with what is needed to know them again.
struct ItemSet
{
    std::vector<Item> items;
    std::string fingerprint;   ///< SHA-256 over every token id (or text) and truth, in order
    double truncatedShare = 0; ///< share of sequences that were longer than the limit and were cut
};

enum class Read
{
    Classify, ///< one sequence an item, `classes` logits
    Compare,  ///< one sequence a class, one score each
};

class Environment;

/// Thread-safe after construction: all members are const and draw from counter-based streams.
class Task
{
public:
    virtual ~Task() = default;
    virtual Read read() const = 0;
    virtual int classes() const = 0;    ///< K
    virtual int vocabulary() const = 0; ///< token ids are in [0, vocabulary); 0 without sequences
    virtual int maxTokens() const = 0;
    /// Training items of generation i (1-based). i = 1 is labelled with truth, later ones by the predecessor; pools of
    /// different generations are disjoint where the data allows (files: i >= 2 share the student file, said in note()).
    virtual ItemSet pool(int generation, int count, std::uint64_t seed) const = 0;
    /// Held-out items: the same for every generation, seed and condition.
    virtual ItemSet test() const = 0;
    /// Items with truth for the experimenter alone: no generation is taught by them, and they are not the test. The
    /// same for every generation of a run; fewer than count where the files have no more to spare.
    virtual ItemSet anchors(int count, std::uint64_t seed) const = 0;
    /// Gives an item that is not the task's own the sequences of its texts, as its own items have them; how many were
    /// cut. Nothing in worlds without text, and where every rung reads with a tokenizer of its own.
    virtual int encode(Item& item) const
    {
        static_cast<void>(item);
        return 0;
    }
    /// Token sequences for language-model pretraining of "scratch" rungs; training files only, never the test file.
    virtual std::vector<std::vector<std::int32_t>> pretrainingTexts() const = 0;
    virtual std::string note() const = 0; ///< what a reader of the results must know, or empty
    /// Whether each part holds the items that an experiment's [training] asks of it; bad input names the key that asks
    /// too much. The experiment is the one it was opened with, or differs in [training] alone.
    virtual Result<void> admits(const spec::Experiment& experiment) const
    {
        static_cast<void>(experiment);
        return {};
    }
    /// The sandbox in which a model acts instead of only answering; nullptr for tasks without one.
    virtual const Environment* environment() const { return nullptr; }
    /// Tokens of every sequence that come before a writing, where an item's sequences are writings to choose from; 0
    /// where they are not.
    virtual int briefTokens() const { return 0; }
};

/// Opens the task that the experiment names, and admits it: builds the world, or reads the files, trains the tokenizer
/// and encodes. Errors are bad input with file, row and column.
Result<std::unique_ptr<Task>> openTask(const spec::Experiment& experiment);

} // namespace gradus::data
