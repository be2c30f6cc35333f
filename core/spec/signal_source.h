// SPDX-License-Identifier: GPL-3.0-or-later
// Who labels for students, as an experiment names them: section [signals].
#pragma once

#include "schedule/curve.h"

#include <string>
#include <vector>

namespace gradus::spec {

/// [[signals.source]]: one supervisor of the students. Keys that its kind does not take keep their default.
struct SignalSource
{
    std::string name = {};      ///< unique; what tables and plots call it
    std::string kind = "model"; ///< "model" | "ensemble" | "persona" | "human" | "truth" | "synthetic"
    schedule::Curve weight = {{{.x = 0.0, .y = 1.0}}}; ///< gamma in [0, 1] over the fraction of the ladder done
    std::string family = {}; ///< sources of one family share what anchors say of any of them; empty: its
                             ///< kind, of a model with a folder that folder
    /// from, to in [0, 1]: it labels this part of a generation's items, cut from one order of them all, so that [0,
    /// 0.5] and [0.5, 1] share none; empty: all items
    std::vector<double> part = {};
    int back = 1;  ///< model, persona: A_{i-back} labels for A_i (A_1 where there is none so early); ensemble: the
                   ///< mean of A_{i-1} .. A_{i-back}
    int rung = -1; ///< model: a supervisor of its own on this rung, taught by truth as A_1 is; -1: a predecessor
    /// model: a Hugging Face folder outside the ladder, of any family, that votes as it is by how probable it holds the
    /// text of each class
    std::string folder = {};
    /// model with a folder, where an item has one text: what is put behind it for each class, in their order
    std::vector<std::string> answers = {};
    std::string architecture = {};   ///< model with a rung: "attention" | "recurrent" | "convolutional"; empty: the
                                     ///< ladder's
    std::string prompt = {};         ///< persona: put before every text; tasks with text and model folders only
    std::vector<double> lean = {};   ///< persona: added to the logits, one a class; empty: none
    double unsureBelow = 0;          ///< persona: says nothing where its largest probability is below this
    std::string file = {};           ///< human: CSV or JSON Lines with columns item (or text), label, annotator
    std::string annotator = {};      ///< human: whose rows; empty: the file's only one
    double share = 1;                ///< truth: share of the items on which it speaks
    std::string noise = "uniform";   ///< synthetic: "uniform" | "wrong-only" | "class-conditional" | "teacher-lowest" |
                                     ///< "teacher-errors"
    double rate = 0;                 ///< synthetic: share of labels redrawn
    std::string stream = {};         ///< synthetic: sources of one stream err on the same items; empty: its own
    std::string like = {};           ///< synthetic, teacher noise: name of the source whose doubts shape it
    std::vector<double> matrix = {}; ///< synthetic, class-conditional: K x K, row-major, rows of true classes
    friend bool operator==(const SignalSource&, const SignalSource&) = default;
};

inline constexpr const char* kAnchorsName = "anchors"; ///< what the store calls the anchors' truth; no source's name

/// [signals]
struct Signals
{
    int anchors = 0; ///< items with truth that the experimenter keeps: controllers and estimates see no other truth
    /// How sources are pooled: "majority" | "weighted" | "dawid-skene" | "glad" | "snorkel" | "anchored-pool"
    std::string aggregate = "anchored-pool";
    std::vector<SignalSource> sources; ///< empty: the predecessor alone, as it is
};

/// Where generation i >= 2 of K reads the weights of sources: (i - 2) / (K - 2), 0 where K is 2. In 0..1.
double weightPlace(int generation, int generations);
/// Whether it asks a generation before the one that it labels for.
bool looksBack(const SignalSource& source);
/// Its family, or what it belongs to without one: its kind, or for a model outside the ladder its own folder.
std::string familyOf(const SignalSource& source);
/// Weight of a source for generation i >= 2 of K: its curve at that place. Where one student is the whole run, the
/// curve's beginning.
double weightAt(const SignalSource& source, int generation, int generations);
/// The one source whose labels a noise-sensitivity run teaches: the first with a weight above 0; nullptr without one.
const SignalSource* soleSource(const Signals& signals);

} // namespace gradus::spec
