// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/bag_of_words.h"

#include "data/picks.h"
#include "data/raw_data.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace gradus::data {

namespace {

using Vector = std::vector<double>;
/// Non-zero entries of one pair's difference of counts.
using SparseRow = std::vector<std::pair<std::size_t, double>>;

double dot(const Vector& a, const Vector& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

void addScaled(Vector& to, const Vector& from, double factor)
{
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] += factor * from[i];
}

double dot(const SparseRow& row, const Vector& weights)
{
    double sum = 0;
    for (const auto& [word, value] : row)
        sum += value * weights[word];
    return sum;
}

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' || (static_cast<unsigned char>(c) & 0x80U);
}

/// Adds sign to the count of each word. ASCII letters lose their case; other alphabets stay as they are.
void countWords(const std::string& text, int sign, std::map<std::string, int>& counts)
{
    std::string word;
    const auto finish = [&] {
        if (!word.empty()) counts[word] += sign;
        word.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (text.compare(i, 2, "\xE2\x80") == 0) { // typographic quotes and dashes part words
            finish();
            i += 2;
            continue;
        }
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (isWordByte(c))
            word += c;
        else
            finish();
    }
    finish();
}

std::map<std::string, int> differenceOf(const std::string& first, const std::string& second)
{
    std::map<std::string, int> counts;
    countWords(first, +1, counts);
    countWords(second, -1, counts);
    return counts;
}

SparseRow rowOf(const std::map<std::string, int>& counts, const std::vector<std::string>& words, double sign)
{
    SparseRow row;
    for (const auto& [word, count] : counts) {
        const auto found = std::lower_bound(words.begin(), words.end(), word);
        if (count != 0 && found != words.end() && *found == word)
            row.emplace_back(static_cast<std::size_t>(found - words.begin()), sign * count);
    }
    return row;
}

double softplus(double x)
{
    return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

/// Penalised logistic loss over rows that should all score above zero.
class Logistic final
{
public:
    Logistic(std::vector<SparseRow> rows, std::size_t words, double l2)
        : m_rows(std::move(rows)), m_words(words), m_l2(l2)
    {
    }

    Vector minimum() const
    {
        Vector weights(m_words, 0.0);
        double value = valueAt(weights);
        for (int round = 0; round < 50; ++round) {
            Vector curvature;
            const Vector gradient = gradientAt(weights, curvature);
            if (dot(gradient, gradient) < 1e-12) break;
            const Vector step = newtonStep(gradient, curvature);
            // Halve until the loss falls: far from the minimum a full Newton step may overshoot.
            double factor = 1;
            Vector next = weights;
            addScaled(next, step, factor);
            double nextValue = valueAt(next);
            while (nextValue > value && factor > 1e-6) {
                factor /= 2;
                next = weights;
                addScaled(next, step, factor);
                nextValue = valueAt(next);
            }
            if (nextValue >= value) break;
            weights = std::move(next);
            value = nextValue;
        }
        return weights;
    }

private:
    double valueAt(const Vector& weights) const
    {
        double value = m_l2 / 2 * dot(weights, weights);
        for (const SparseRow& row : m_rows)
            value += softplus(-dot(row, weights));
        return value;
    }

    Vector gradientAt(const Vector& weights, Vector& curvature) const
    {
        Vector gradient(m_words, 0.0);
        addScaled(gradient, weights, m_l2);
        curvature.clear();
        for (const SparseRow& row : m_rows) {
            const double wrong = 1 / (1 + std::exp(dot(row, weights)));
            curvature.push_back(wrong * (1 - wrong));
            for (const auto& [word, value] : row)
                gradient[word] -= wrong * value;
        }
        return gradient;
    }

    Vector hessianTimes(const Vector& direction, const Vector& curvature) const
    {
        Vector product(m_words, 0.0);
        addScaled(product, direction, m_l2);
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            const double along = curvature[i] * dot(m_rows[i], direction);
            for (const auto& [word, value] : m_rows[i])
                product[word] += along * value;
        }
        return product;
    }

    /// Solves hessian x step = -gradient by conjugate gradients, to a hundredth: enough for Newton's outer rounds.
    Vector newtonStep(const Vector& gradient, const Vector& curvature) const
    {
        Vector step(m_words, 0.0);
        Vector residual(m_words, 0.0);
        addScaled(residual, gradient, -1);
        Vector direction = residual;
        double squared = dot(residual, residual);
        const double enough = squared * 1e-4;
        for (int round = 0; round < 100 && squared > enough; ++round) {
            const Vector product = hessianTimes(direction, curvature);
            const double factor = squared / dot(direction, product);
            addScaled(step, direction, factor);
            addScaled(residual, product, -factor);
            const double next = dot(residual, residual);
            for (std::size_t i = 0; i < m_words; ++i)
                direction[i] = residual[i] + next / squared * direction[i];
            squared = next;
        }
        return step;
    }

    std::vector<SparseRow> m_rows;
    std::size_t m_words;
    double m_l2;
};

TextPair pairOf(const RawItem& item)
{
    return {item.texts[0], item.texts[1], item.truth};
}

} // namespace

BagOfWords BagOfWords::fit(const std::vector<TextPair>& pairs, double l2)
{
    std::vector<std::map<std::string, int>> differences;
    std::map<std::string, int> known;
    for (const TextPair& pair : pairs) {
        differences.push_back(differenceOf(pair.first, pair.second));
        for (const auto& [word, count] : differences.back())
            known.emplace(word, 0);
    }
    BagOfWords model;
    for (const auto& [word, zero] : known)
        model.m_words.push_back(word);
    std::vector<SparseRow> rows;
    for (std::size_t i = 0; i < pairs.size(); ++i)
        rows.push_back(rowOf(differences[i], model.m_words, pairs[i].better == 0 ? 1 : -1));
    model.m_weights = Logistic(std::move(rows), model.m_words.size(), l2).minimum();
    return model;
}

double BagOfWords::score(const std::string& first, const std::string& second) const
{
    return dot(rowOf(differenceOf(first, second), m_words, 1), m_weights);
}

Result<std::optional<BagOfWordsResult>> bagOfWordsResult(const spec::Experiment& experiment, int labels,
                                                         std::uint64_t seed)
{
    const Result<Template> form = templateOf(experiment.task.name);
    if (!form || form->read != Read::Compare || form->classes != 2) return std::optional<BagOfWordsResult>();
    const Result<RawData> data = readRawData(*form, experiment);
    if (!data) return data.error();
    std::vector<TextPair> pairs;
    for (const std::size_t pick : trainingPicks(
             data->teacher.size(), 1, teacherRows(data->teacher.size(), labels, experiment.signals.anchors), seed))
        pairs.push_back(pairOf(data->teacher[pick]));
    const BagOfWords model = BagOfWords::fit(pairs);
    BagOfWordsResult result;
    result.pairs = static_cast<long long>(pairs.size());
    for (const std::size_t pick : testPicks(data->test.size(), experiment.task.testItems)) {
        const TextPair pair = pairOf(data->test[pick]);
        // A tie goes to the first: which one that is was tossed, so ties are right half of the time.
        const int better = model.score(pair.first, pair.second) >= 0 ? 0 : 1;
        result.right += better == pair.better ? 1 : 0;
        ++result.tested;
    }
    return std::optional<BagOfWordsResult>(result);
}

} // namespace gradus::data
