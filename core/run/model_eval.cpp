// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/model_eval.h"

#include "engine/language_model.h"
#include "evals/metrics.h"
#include "text/tokenizer.h"

#include <algorithm>
#include <map>

namespace gradus::run {

namespace {

constexpr std::size_t kItemsAtOnce = 8;

/// One answer after its prompt, and where the answer's tokens begin.
struct Asked
{
    engine::Tokens tokens;
    std::size_t begin = 0;
};

Asked asked(const text::Tokenizer& tokenizer, const std::string& prompt, const std::string& answer, std::size_t limit,
            bool& cut)
{
    const text::EncodeOptions plain{.parseSpecialTokens = false};
    Asked made{tokenizer.encode(prompt + answer, plain), 0};
    // A token may reach over the seam; it then belongs to the answer.
    const auto before = tokenizer.encode(prompt, plain);
    made.begin = static_cast<std::size_t>(std::ranges::mismatch(made.tokens, before).in1 - made.tokens.begin());
    made.begin = std::clamp<std::size_t>(made.begin, 1, made.tokens.size() - 1);
    if (made.tokens.size() > limit) {
        cut = true;
        const std::size_t extra = made.tokens.size() - limit;
        made.tokens.erase(made.tokens.begin(), made.tokens.begin() + static_cast<std::ptrdiff_t>(extra));
        made.begin = std::max<std::size_t>(1, made.begin > extra ? made.begin - extra : 1);
    }
    return made;
}

int best(const std::vector<double>& scores)
{
    return static_cast<int>(std::ranges::max_element(scores) - scores.begin());
}

Estimate commonestOf(const std::vector<int>& truth)
{
    std::map<int, long long> counts;
    for (const int label : truth)
        ++counts[label];
    const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
    return evals::proportion(most->second, static_cast<long long>(truth.size()));
}

} // namespace

Result<ChoiceResult> evaluateChoices(const std::filesystem::path& folder, const std::vector<data::ChoiceItem>& items,
                                     const StopFlag& stop, const std::function<void(std::size_t)>& onProgress)
{
    const auto tokenizer = text::Tokenizer::open(folder);
    if (!tokenizer) return tokenizer.error();
    const auto model = engine::LanguageModel::open(folder);
    if (!model) return model.error();
    const auto limit = static_cast<std::size_t>(model->shape().longestSequence());
    std::vector<int> truth;
    std::vector<int> chosen;
    std::vector<int> chosenNormalised;
    std::size_t cutPrompts = 0;
    for (std::size_t begin = 0; begin < items.size(); begin += kItemsAtOnce) {
        if (stop.requested())
            return Error{.message = "The evaluation was stopped after " + std::to_string(begin) + " items.",
                         .kind = ErrorKind::Stopped};
        const std::size_t end = std::min(begin + kItemsAtOnce, items.size());
        std::vector<engine::Tokens> sequences;
        std::vector<std::size_t> begins;
        for (std::size_t i = begin; i < end; ++i) {
            bool cut = false;
            for (const std::string& answer : items[i].answers) {
                Asked one = asked(*tokenizer, items[i].prompt, answer, limit, cut);
                begins.push_back(one.begin);
                sequences.push_back(std::move(one.tokens));
            }
            cutPrompts += cut ? 1 : 0;
        }
        const auto scores = model->score(sequences);
        if (!scores) return scores.error();
        std::size_t at = 0;
        for (std::size_t i = begin; i < end; ++i) {
            std::vector<double> sums;
            std::vector<double> normalised;
            for (const std::string& answer : items[i].answers) {
                const auto& logs = (*scores)[at].logProbabilities;
                double sum = 0;
                for (std::size_t t = begins[at] - 1; t < logs.size(); ++t)
                    sum += logs[t];
                sums.push_back(sum);
                normalised.push_back(sum / static_cast<double>(std::max<std::size_t>(1, answer.size())));
                ++at;
            }
            chosen.push_back(best(sums));
            chosenNormalised.push_back(best(normalised));
            truth.push_back(items[i].truth);
        }
        if (onProgress) onProgress(end);
    }
    return ChoiceResult{.accuracy = evals::accuracy(chosen, truth),
                        .normalisedAccuracy = evals::accuracy(chosenNormalised, truth),
                        .commonest = commonestOf(truth),
                        .truncatedShare = static_cast<double>(cutPrompts) / static_cast<double>(items.size())};
}

} // namespace gradus::run
