// SPDX-License-Identifier: GPL-3.0-or-later
#include "evals/beyond_judge.h"

#include "base/rng.h"
#include "evals/metrics.h"
#include "evals/paired_tests.h"
#include "evals/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <Eigen/Dense>

namespace gradus::evals {

namespace {

constexpr double kLevel = 0.9;
constexpr int kRounds = 20; ///< of peers weighing each other

double share(const std::vector<int>& a, const std::vector<int>& b)
{
    double same = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        same += a[i] == b[i] ? 1 : 0;
    return a.empty() ? 0 : same / static_cast<double>(a.size());
}

double accuracyOf(const GradedModels& all, std::size_t model, std::size_t bin)
{
    return share(all.models[model].labels[bin], all.bins[bin].truth);
}

/// Ordinary least squares with what a prediction needs.
struct Line
{
    Eigen::VectorXd theta;
    Eigen::MatrixXd inverse; ///< of X'X
    double variance = 0;     ///< of the residuals
    double degrees = 0;

    double at(const Eigen::VectorXd& x) const { return x.dot(theta); }
    /// Half the 90 % prediction interval, with more variance of the new point itself.
    double half(const Eigen::VectorXd& x, double more) const
    {
        return studentQuantile(0.5 + kLevel / 2, degrees) * std::sqrt(variance * (1 + x.dot(inverse * x)) + more);
    }
};

std::optional<Line> lineThrough(const Eigen::MatrixXd& design, const Eigen::VectorXd& target)
{
    Line line;
    line.degrees = static_cast<double>(design.rows() - design.cols());
    const auto solver = design.colPivHouseholderQr();
    if (line.degrees < 1 || solver.rank() < design.cols()) return std::nullopt;
    line.theta = solver.solve(target);
    line.inverse = (design.transpose() * design).inverse();
    line.variance = (design * line.theta - target).squaredNorm() / line.degrees;
    return line;
}

std::optional<Line> lineOf(const std::vector<double>& x, const std::vector<double>& y, const std::vector<bool>& used)
{
    const auto n = static_cast<Eigen::Index>(std::ranges::count(used, true));
    Eigen::MatrixXd design(n, 2);
    Eigen::VectorXd target(n);
    Eigen::Index row = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        if (used[i]) {
            design.row(row) << 1, x[i];
            target(row++) = y[i];
        }
    return lineThrough(design, target);
}

/// Log odds of the accuracy above chance, kept off the ends by half an item, and their sampling variance.
struct Odds
{
    double value = 0;
    double variance = 0;
};

Odds oddsOf(double accuracy, double items, double chance)
{
    const double least = 0.5 / items;
    const double above = std::clamp((accuracy - chance) / (1 - chance), least, 1 - least);
    const double kept = std::clamp(accuracy, least, 1 - least);
    const double slope = 1 / (above * (1 - above) * (1 - chance)); // d odds / d accuracy
    return {std::log(above / (1 - above)), slope * slope * kept * (1 - kept) / items};
}

double accuracyFrom(double odds, double chance)
{
    return chance + (1 - chance) / (1 + std::exp(-odds));
}

std::vector<std::vector<int>> peopleAnswers(const GradedModels& all, std::uint64_t seed, int people)
{
    const GradedBin& bin = all.bins.back();
    const double knows = std::pow(0.8, bin.difficulty); // else a guess, which may be right too
    std::vector<std::vector<int>> answers;
    for (int person = 0; person < people; ++person) {
        Rng rng(seed, "people/" + std::to_string(person));
        std::vector<int> own;
        for (const int truth : bin.truth) {
            const double u = rng.uniform();
            const auto guess = static_cast<int>(rng.below(static_cast<std::uint64_t>(all.classes)));
            own.push_back(u < knows ? truth : guess);
        }
        answers.push_back(std::move(own));
    }
    return answers;
}

/// Agreement of each of a ladder's models with the others, weighed as often as rounds says.
std::vector<double> peerScores(const std::vector<std::vector<double>>& agreement, int rounds)
{
    const std::size_t n = agreement.size();
    std::vector<double> weights(n, 1);
    std::vector<double> scores(n, 0);
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t a = 0; a < n; ++a) {
            double sum = 0;
            double of = 0;
            for (std::size_t b = 0; b < n; ++b) {
                if (a == b) continue;
                sum += weights[b] * agreement[a][b];
                of += weights[b];
            }
            scores[a] = of > 0 ? sum / of : 0;
        }
        // Agreement above the least of them: who agrees with nobody counts for nothing.
        const double least = *std::ranges::min_element(scores);
        for (std::size_t a = 0; a < n; ++a)
            weights[a] = scores[a] - least + 1e-3;
    }
    return scores;
}

std::vector<double> chosen(const std::vector<double>& values, const std::vector<bool>& used)
{
    std::vector<double> kept;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (used[i]) kept.push_back(values[i]);
    return kept;
}

/// An interval of correlations ends where correlations do.
Estimate asCorrelation(Estimate estimate)
{
    estimate.low = std::max(-1.0, estimate.low);
    estimate.high = std::min(1.0, estimate.high);
    return estimate;
}

/// Correlations of ladders, each with the group of its ladder.
struct Correlations
{
    std::vector<int> groups;
    std::vector<double> values;

    void add(int group, double value)
    {
        groups.push_back(group);
        values.push_back(value);
    }
    std::optional<Estimate> mean() const
    {
        if (values.empty()) return std::nullopt;
        return asCorrelation(meanOverGroups(groups, values));
    }
};

struct Rankings
{
    Correlations spearman, kendall;
    int topRight = 0;
    int ladders = 0;

    void add(int group, const std::vector<double>& scores, const std::vector<double>& real)
    {
        ++ladders;
        if (const auto rank = evals::spearman(scores, real)) spearman.add(group, rank->value);
        if (const auto tau = kendallTau(scores, real)) kendall.add(group, *tau);
        const auto first = std::ranges::max_element(scores) - scores.begin();
        topRight += real[static_cast<std::size_t>(first)] >= *std::ranges::max_element(real) ? 1 : 0;
    }
    PeerJudge judge(const char* panel) const
    {
        PeerJudge made{.panel = panel, .spearman = spearman.mean(), .kendall = kendall.mean()};
        made.topRight = ladders > 0 ? static_cast<double>(topRight) / ladders : 0;
        made.ladders = ladders;
        return made;
    }
};

} // namespace

Estimate accuracyIn(const GradedModels& all, std::size_t model, std::size_t bin)
{
    return accuracy(all.models[model].labels[bin], all.bins[bin].truth);
}

std::vector<int> modelGroups(const GradedModels& all)
{
    const std::vector<int> ladders = groupsOf(all.ladders);
    std::vector<int> groups(all.models.size());
    for (std::size_t l = 0; l < ladders.size(); ++l)
        for (const std::size_t model : all.ladders[l].members)
            groups[model] = ladders[l];
    return groups;
}

std::optional<SurrogateJudge> surrogateJudge(const GradedModels& all)
{
    if (all.models.size() < 4 || all.bins.size() < 2) return std::nullopt;
    const std::size_t easy = std::max<std::size_t>(1, all.bins.size() / 2);
    std::vector<double> surrogate;
    std::vector<double> real;
    for (std::size_t m = 0; m < all.models.size(); ++m) {
        double sum = 0;
        for (std::size_t bin = 0; bin < easy; ++bin)
            sum += accuracyOf(all, m, bin);
        surrogate.push_back(sum / static_cast<double>(easy));
        real.push_back(accuracyOf(all, m, all.bins.size() - 1));
    }
    SurrogateJudge judge;
    const std::vector<int> groups = modelGroups(all);
    judge.groups = countGroups(groups);
    judge.spearman = overGroups(groups, [&](const std::vector<bool>& used) -> std::optional<double> {
        const auto rank = spearman(chosen(surrogate, used), chosen(real, used));
        return rank ? std::optional(rank->value) : std::nullopt;
    });
    if (judge.spearman) judge.spearman = asCorrelation(*judge.spearman);
    judge.slope = overGroups(groups, [&](const std::vector<bool>& used) -> std::optional<double> {
        const auto line = lineOf(surrogate, real, used);
        return line ? std::optional(line->theta(1)) : std::nullopt;
    });
    for (std::size_t m = 0; m < real.size(); ++m) {
        std::vector<bool> used(real.size());
        for (std::size_t other = 0; other < real.size(); ++other)
            used[other] = judge.groups > 1 ? groups[other] != groups[m] : other != m;
        const auto line = lineOf(surrogate, real, used);
        if (!line) continue;
        Eigen::VectorXd x(2);
        x << 1, surrogate[m];
        const double foretold = line->at(x);
        judge.rawError += std::abs(surrogate[m] - real[m]);
        judge.calibratedError += std::abs(foretold - real[m]);
        judge.coverage += std::abs(foretold - real[m]) <= line->half(x, 0) ? 1 : 0;
        judge.models += 1;
    }
    if (judge.models == 0) return std::nullopt;
    for (double* sum : {&judge.rawError, &judge.calibratedError, &judge.coverage})
        *sum /= judge.models;
    return judge;
}

std::optional<ExtrapolationJudge> extrapolationJudge(const GradedModels& all)
{
    if (all.bins.size() < 3) return std::nullopt;
    const double chance = 1.0 / all.classes;
    const std::size_t hardest = all.bins.size() - 1;
    ExtrapolationJudge judge;
    std::vector<bool> covered;
    std::vector<int> cellGroups;
    const std::vector<int> groups = groupsOf(all.ladders);
    for (std::size_t l = 0; l < all.ladders.size(); ++l) {
        const std::vector<std::size_t>& models = all.ladders[l].members;
        if (models.size() < 2) continue;
        Eigen::MatrixXd design(static_cast<Eigen::Index>(models.size() * hardest), 3);
        Eigen::VectorXd target(design.rows());
        Eigen::Index row = 0;
        for (const std::size_t m : models)
            for (std::size_t bin = 0; bin < hardest; ++bin) {
                design.row(row) << 1, all.bins[bin].difficulty, all.models[m].capacity;
                const auto items = static_cast<double>(all.bins[bin].truth.size());
                target(row++) = oddsOf(accuracyOf(all, m, bin), items, chance).value;
            }
        const auto line = lineThrough(design, target);
        if (!line) continue;
        for (const std::size_t m : models) {
            Eigen::VectorXd x(3);
            x << 1, all.bins[hardest].difficulty, all.models[m].capacity;
            const double odds = line->at(x);
            const double half = line->half(x, 0);
            const double real = accuracyOf(all, m, hardest);
            const auto items = static_cast<double>(all.bins[hardest].truth.size());
            const double foretold = accuracyFrom(odds, chance);
            // Sampling of the measured bin itself widens the interval on the scale of accuracy.
            const double sampling = normalQuantile(0.5 + kLevel / 2) * std::sqrt(foretold * (1 - foretold) / items);
            const double low = std::max(0.0, accuracyFrom(odds - half, chance) - sampling);
            const double high = std::min(1.0, accuracyFrom(odds + half, chance) + sampling);
            covered.push_back(low <= real && real <= high);
            cellGroups.push_back(groups[l]);
            judge.error += std::abs(foretold - real);
            judge.signedError += foretold - real;
            judge.carriedError += std::abs(accuracyOf(all, m, hardest - 1) - real);
            judge.width += high - low;
            judge.cells += 1;
        }
    }
    if (judge.cells == 0) return std::nullopt;
    for (double* sum : {&judge.error, &judge.signedError, &judge.carriedError, &judge.width})
        *sum /= judge.cells;
    judge.coverage = shareOverGroups(cellGroups, covered);
    return judge;
}

std::vector<PeerJudge> peerJudges(const GradedModels& all, std::uint64_t seed, int people)
{
    if (all.bins.empty()) return {};
    const std::size_t hardest = all.bins.size() - 1;
    const auto answers = peopleAnswers(all, seed, people);
    Rankings peers, weighted, persons;
    const std::vector<int> groups = groupsOf(all.ladders);
    for (std::size_t l = 0; l < all.ladders.size(); ++l) {
        const std::vector<std::size_t>& models = all.ladders[l].members;
        if (models.size() < 3) continue;
        std::vector<std::vector<double>> agreement;
        std::vector<double> real;
        std::vector<double> byPeople;
        for (const std::size_t m : models) {
            std::vector<double> row;
            for (const std::size_t other : models)
                row.push_back(share(all.models[m].labels[hardest], all.models[other].labels[hardest]));
            agreement.push_back(std::move(row));
            real.push_back(accuracyOf(all, m, hardest));
            double sum = 0;
            for (const auto& own : answers)
                sum += share(all.models[m].labels[hardest], own);
            byPeople.push_back(sum);
        }
        peers.add(groups[l], peerScores(agreement, 1), real);
        weighted.add(groups[l], peerScores(agreement, kRounds), real);
        persons.add(groups[l], byPeople, real);
    }
    if (peers.ladders == 0) return {};
    return {peers.judge("peers"), weighted.judge("peers, weighted"), persons.judge("people")};
}

std::optional<double> kendallTau(std::span<const double> a, std::span<const double> b)
{
    if (a.size() != b.size() || a.size() < 2) return std::nullopt;
    double concordant = 0;
    double firstPairs = 0;
    double secondPairs = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = i + 1; j < a.size(); ++j) {
            const int x = a[i] < a[j] ? 1 : a[i] > a[j] ? -1 : 0;
            const int y = b[i] < b[j] ? 1 : b[i] > b[j] ? -1 : 0;
            concordant += x * y;
            firstPairs += x * x;
            secondPairs += y * y;
        }
    if (firstPairs == 0 || secondPairs == 0) return std::nullopt;
    return concordant / std::sqrt(firstPairs * secondPairs);
}

} // namespace gradus::evals
