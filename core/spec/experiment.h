// SPDX-License-Identifier: GPL-3.0-or-later
// The experiment: the frozen description of what to run. TOML <-> this struct; nothing else affects a result.
#pragma once

#include "base/result.h"
#include "schedule/curve.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace gradus::spec {

/// [experiment]
struct Identity
{
    std::string name = "untitled";
    std::string procedure = "progressive"; ///< "progressive" | "weak-to-strong"
    std::vector<std::int64_t> seeds = {1};
};

/// One rung of a ladder that is built here (not loaded): a Qwen2-type transformer.
struct Rung
{
    int width = 0;
    int layers = 0;
    friend bool operator==(const Rung&, const Rung&) = default;
};

/// [ladder]
struct Ladder
{
    std::string family = "builtin:registers"; ///< "builtin:registers" (shipped rungs) | "scratch" (trained here)
    int generations = 4;                      ///< K, 1..64
    int start = 1;                            ///< index of A_1's rung in rungs (0-based)
    std::vector<Rung> rungs;                  ///< weak to strong; empty: the family's own
    int vocabulary = 2048;                    ///< "scratch": byte-level BPE size
    int pretrainSteps = 0;                    ///< "scratch": language-model steps on the training texts first
};

/// [task]. Built-in: name alone. Files: a template name ("cosmosqa", "preferences") with the files and their columns.
struct Task
{
    std::string name = "builtin:registers/code";
    std::string teacherData; ///< file with ground truth for A_1
    std::string studentData; ///< file whose items are labelled by the predecessor; empty: split teacherData by hash
    std::string testData;    ///< held-out file
    std::vector<std::pair<std::string, std::string>> columns; ///< role -> column ("chosen" -> "better"), if renamed
    int testItems = 2000;    ///< built-in: held-out items; files: at most this many (0: all)
    int maxTokens = 256;     ///< longer sequences are cut at the left; the share cut is reported
};

/// [gap]
struct Gap
{
    std::string controller = "schedule"; ///< "fixed" | "schedule"
    double value = 0.5;                  ///< fixed: delta, in log10 parameters
    schedule::Curve curve;               ///< schedule: delta over the fraction of generations done, 0..1
};

/// [training]: how one generation is tuned.
struct Training
{
    int labels = 500;            ///< items labelled for each generation (0: all there are)
    int epochs = 4;
    int batch = 32;
    double learningRate = 5e-3;  ///< of the head
    double bodyScale = 0.01;     ///< body's learning rate = learningRate x bodyScale
    double weightDecay = 0.01;
    double warmup = 0.05;        ///< fraction of steps
    std::string decay = "cosine"; ///< "cosine" | "linear" | "constant"
    std::string softLabels = "soft"; ///< "soft" | "hard"
    int evaluateEvery = 0;       ///< steps between held-out evaluations; 0: ten a generation
    int checkpointEvery = 100;   ///< steps
};

/// [compute]: part of the hash, because the number of threads changes floating-point sums.
struct Compute
{
    int threads = 1;
    std::string device = "cpu";
};

/// One swept key and its values, as TOML text ("\"fixed\"", "0.3").
struct SweepAxis
{
    std::string key;
    std::vector<std::string> values;
};

struct Experiment
{
    Identity experiment;
    Ladder ladder;
    Task task;
    Gap gap;
    Training training;
    Compute compute;
    std::vector<SweepAxis> sweep;
};

/// Parses TOML text. Errors name file, line, column and the cure; unknown keys name the nearest known key.
/// file is only used in messages.
Result<Experiment> parseExperiment(const std::string& toml, const std::string& file);
Result<Experiment> loadExperiment(const std::string& path);

/// Applies "key=value" (value as TOML; a bare word is taken as a string) as if it stood in the file.
Result<std::string> withOverride(const std::string& toml, const std::string& assignment);

/// The canonical TOML: every key of the sections that matter, fixed order, no comments. Equal experiments, equal text.
std::string canonicalToml(const Experiment& experiment);
/// SHA-256 of the canonical form; names the experiment.
std::string hashOf(const Experiment& experiment);

/// One run of an experiment: a condition of the sweep with one seed. Its own sweep is empty, seeds has one entry.
struct RunSpec
{
    std::string condition; ///< "gap.controller = fixed, gap.value = 0.5"; empty without a sweep
    std::int64_t seed = 1;
    Experiment experiment;
};
/// Conditions x seeds, in file order. Errors name the swept key that does not fit.
Result<std::vector<RunSpec>> expand(const Experiment& experiment);

/// Replaces the value of one key in TOML text and leaves every other byte, comments included, as it was; adds the key
/// (and its section) when it is absent. value is TOML text.
Result<std::string> editToml(const std::string& toml, const std::string& dottedKey, const std::string& value);
/// A curve as a TOML inline table, the way it is written into experiment files.
std::string curveToml(const schedule::Curve& curve);

} // namespace gradus::spec
