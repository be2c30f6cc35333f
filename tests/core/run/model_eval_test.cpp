// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/model_eval.h"

#include "base/files.h"
#include "engine/language_model.h"
#include "support/source_dir.h"
#include "support/suite.h"
#include "text/tokenizer.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace gradus;
using namespace gradus::run;

class ModelEvalTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;

    std::filesystem::path model()
    {
        const std::filesystem::path folder = m_scratch.filePath("model").toStdString();
        (void)engine::LanguageModel::initialise(models::rungShape(16, 1, 600, 48), 3).value().save(folder);
        std::filesystem::copy_file(tests::sourceDir() / "tests/data/tokenizers/llama2/tokenizer.json",
                                   folder / "tokenizer.json", std::filesystem::copy_options::overwrite_existing);
        return folder;
    }
    std::string write(const char* name, const std::string& text) const
    {
        const std::string path = m_scratch.filePath(name).toStdString();
        (void)writeFileAtomically(path, text);
        return path;
    }

private Q_SLOTS:
    void mostProbableAnswer_isTheOneThatScoresBestAlone()
    {
        const auto folder = model();
        const auto tokenizer = text::Tokenizer::open(folder).value();
        const auto language = engine::LanguageModel::open(folder).value();
        std::vector<data::ChoiceItem> items;
        for (int i = 0; i < 19; ++i) // more than one batch
            items.push_back({.prompt = "The " + std::to_string(i) + " said:",
                             .answers = {" yes it is", " no", " a licence and more words", " " + std::to_string(i * 7)},
                             .truth = 0});
        long long best[2] = {0, 0};
        for (data::ChoiceItem& item : items) {
            const std::size_t before = tokenizer.encode(item.prompt).size();
            std::size_t top[2] = {0, 0};
            double most[2] = {-1e9, -1e9};
            for (std::size_t a = 0; a < item.answers.size(); ++a) {
                const auto score = language.score({tokenizer.encode(item.prompt + item.answers[a])}).value()[0];
                double sum = 0;
                for (std::size_t t = before - 1; t < score.logProbabilities.size(); ++t)
                    sum += score.logProbabilities[t];
                const double by[2] = {sum, sum / static_cast<double>(item.answers[a].size())};
                for (int k = 0; k < 2; ++k)
                    if (by[k] > most[k]) {
                        most[k] = by[k];
                        top[k] = a;
                    }
            }
            item.truth = static_cast<int>(top[0]);
            ++best[0];
            best[1] += top[1] == top[0] ? 1 : 0;
        }
        const auto result = evaluateChoices(folder, items, StopFlag(), {});
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QCOMPARE(result->accuracy.n, 19LL);
        QCOMPARE(result->accuracy.value, 1.0);
        QVERIFY(qAbs(result->normalisedAccuracy.value - static_cast<double>(best[1]) / 19) < 1e-9);
        QCOMPARE(result->truncatedShare, 0.0);
    }

    void longPrompts_loseTheirBeginningAndAreCounted()
    {
        std::string prompt(400, 'x');
        prompt += ':';
        const data::ChoiceItem item{.prompt = prompt, .answers = {" yes", " no"}, .truth = 1};
        const auto result = evaluateChoices(model(), {item}, StopFlag(), {});
        QVERIFY(result.ok());
        QCOMPARE(result->truncatedShare, 1.0);
    }

    void cosmosqaRows_becomeFourWayQuestions()
    {
        const std::string head = "context,question,answer0,answer1,answer2,answer3,label\n";
        const auto items = data::readCosmosqaChoices(write("good.csv", head + "c,q,a,b,c,d,2\n"), 0);
        QVERIFY(items.ok());
        QCOMPARE(items->front().prompt, std::string("Context: c\nQuestion: q\nAnswer:"));
        QCOMPARE(items->front().answers[2], std::string(" c"));
        QCOMPARE(items->front().truth, 2);
        const auto says = [](const Result<std::vector<data::ChoiceItem>>& read) {
            return read ? std::string() : read.error().message;
        };
        QVERIFY(says(data::readCosmosqaChoices(write("label.csv", head + "c,q,a,b,c,d,7\n"), 0)).find("line 2") !=
                std::string::npos);
        QVERIFY(says(data::readCosmosqaChoices(write("column.csv", "context,question\nc,q\n"), 0)).find("answer0") !=
                std::string::npos);
        QVERIFY(says(data::readCosmosqaChoices(write("empty.csv", head), 0)).find("no rows") != std::string::npos);
    }
};
GRADUS_SUITE(ModelEvalTest)
#include "model_eval_test.moc"
