// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/model_eval.h"

#include "engine/language_model.h"
#include "evals/metrics.h"
#include "text/tokenizer.h"

#include <algorithm>
#include <map>

namespace gradus::run {

namespace {

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

/// log p of each answer's tokens, summed. What all of them begin with is read once.
Result<std::vector<double>> answerLogs(const engine::LanguageModel& model, const std::vector<Asked>& all)
{
    std::size_t shared = all.front().begin;
    for (const Asked& one : all) {
        const auto differ = std::ranges::mismatch(one.tokens, all.front().tokens);
        shared = std::min({shared, one.begin, static_cast<std::size_t>(differ.in1 - one.tokens.begin())});
    }
    std::vector<engine::Tokens> rests;
    for (const Asked& one : all)
        rests.emplace_back(one.tokens.begin() + static_cast<std::ptrdiff_t>(shared), one.tokens.end());
    const auto& first = all.front().tokens;
    // Where prompts were cut at different places they share nothing; the first token of each is not judged then.
    const auto scores =
        shared > 0 ? model.scoreAfter({first.begin(), first.begin() + static_cast<std::ptrdiff_t>(shared)}, rests)
                   : model.score(rests);
    if (!scores) return scores.error();
    const std::size_t judgedFrom = std::max<std::size_t>(shared, 1);
    std::vector<double> sums;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& logs = (*scores)[i].logProbabilities;
        double sum = 0;
        for (std::size_t t = all[i].begin - judgedFrom; t < logs.size(); ++t)
            sum += logs[t];
        sums.push_back(sum);
    }
    return sums;
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
                                     const StopFlag& stop, const std::function<void(std::size_t)>& onProgress,
                                     const std::filesystem::path& adapter)
{
    const auto tokenizer = text::Tokenizer::open(folder);
    if (!tokenizer) return tokenizer.error();
    const auto model = engine::LanguageModel::open(folder, adapter);
    if (!model) return model.error();
    const auto limit = static_cast<std::size_t>(model->shape().longestSequence());
    std::vector<int> truth;
    std::vector<int> chosen;
    std::vector<int> chosenNormalised;
    std::size_t cutPrompts = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (stop.requested())
            return Error{.message = "The evaluation was stopped after " + std::to_string(i) + " items.",
                         .kind = ErrorKind::Stopped};
        bool cut = false;
        std::vector<Asked> all;
        for (const std::string& answer : items[i].answers)
            all.push_back(asked(*tokenizer, items[i].prompt, answer, limit, cut));
        cutPrompts += cut ? 1 : 0;
        const auto sums = answerLogs(*model, all);
        if (!sums) return sums.error();
        std::vector<double> normalised;
        for (std::size_t a = 0; a < all.size(); ++a)
            normalised.push_back((*sums)[a] /
                                 static_cast<double>(std::max<std::size_t>(1, items[i].answers[a].size())));
        chosen.push_back(best(*sums));
        chosenNormalised.push_back(best(normalised));
        truth.push_back(items[i].truth);
        if (onProgress) onProgress(i + 1);
    }
    return ChoiceResult{.accuracy = evals::accuracy(chosen, truth),
                        .normalisedAccuracy = evals::accuracy(chosenNormalised, truth),
                        .commonest = commonestOf(truth),
                        .truncatedShare = static_cast<double>(cutPrompts) / static_cast<double>(items.size())};
}

} // namespace gradus::run
