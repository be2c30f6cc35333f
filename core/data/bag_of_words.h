// SPDX-License-Identifier: GPL-3.0-or-later
// The honest line under every preference result: logistic regression on the words of the same pairs.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::data {

struct TextPair
{
    std::string first;
    std::string second;
    int better = 0; ///< 0: first, 1: second
};

/// P(first is better) = sigmoid(w . (counts(first) - counts(second))), words in lower case, w by maximum likelihood
/// with a penalty of l2 / 2 |w|^2. No random number: the same pairs give the same weights. Thread-safe once fitted.
class BagOfWords final
{
public:
    static BagOfWords fit(const std::vector<TextPair>& pairs, double l2 = 10);
    /// Log odds that the first is better; 0 where no known word differs.
    double score(const std::string& first, const std::string& second) const;
    std::size_t words() const { return m_words.size(); }

private:
    std::vector<std::string> m_words; ///< sorted
    std::vector<double> m_weights;
};

/// How often it was right on the held-out pairs.
struct BagOfWordsResult
{
    long long right = 0;
    long long tested = 0;
    long long pairs = 0; ///< it was fitted on
};

/// For a preference task: fitted with truth on the very pairs that generation 1 gets (labels as in
/// Task::pool(1, labels, seed); 0: all), scored on the pairs of Task::test(). Nothing for any other task.
Result<std::optional<BagOfWordsResult>> bagOfWordsResult(const spec::Experiment& experiment, int labels,
                                                         std::uint64_t seed);

} // namespace gradus::data
