// SPDX-License-Identifier: GPL-3.0-or-later
// Labels made wrong on purpose. Nested: with one seed, the items redrawn at 20 % are among those redrawn at 40 %, and
// each is given the same class at every rate, so that curves over rates are paired.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gradus::signals {

enum class NoiseKind
{
    UniformAll,       ///< a redrawn label is uniform over all K classes, the true one included
    WrongOnly,        ///< uniform over the K - 1 wrong ones
    ClassConditional, ///< drawn from the row of its true class in a K x K matrix
    TeacherLowest,    ///< the items on which a teacher gives the truth least; its likeliest wrong class
    TeacherErrors, ///< items drawn in proportion to the teacher's probability of error; a wrong class as it weighs them
};

struct NoiseRequest
{
    NoiseKind kind = NoiseKind::UniformAll;
    double rate = 0; ///< share of items redrawn, in [0, 1]
    int classes = 2; ///< K
    std::uint64_t seed = 0;
    std::vector<double> matrix = {}; ///< K x K row-major, rows sum to 1: ClassConditional; at rate 1 the matrix itself
    std::vector<float> teacher = {}; ///< N x K row-major probabilities: the Teacher kinds
};

struct NoisyLabels
{
    std::vector<int> labels;          ///< N
    std::vector<std::size_t> redrawn; ///< ascending; round(rate N) items. A redrawn label may happen to be true
    std::size_t wrong = 0;            ///< labels that differ from the truth
};

/// One sentence for a rate outside [0, 1], labels outside the classes, and a matrix or teacher that does not fit.
Result<NoisyLabels> corrupt(std::span<const int> truth, const NoiseRequest& request);

/// The rate of WrongOnly at which labels carry no information, (K - 1) / K; beyond it the likeliest label is a wrong
/// one.
double uninformativeRate(int classes);

} // namespace gradus::signals
