// SPDX-License-Identifier: GPL-3.0-or-later
// Against Hugging Face tokenizers (tests/data/tokenizers, written by tests/bench/make_golden_tokenizers.py), and what
// must hold for any text.
#include "text/tokenizer.h"

#include "base/files.h"
#include "base/rng.h"
#include "support/source_dir.h"
#include "support/suite.h"
#include "text/utf8.h"

#include <QElapsedTimer>
#include <QTest>

#include <nlohmann/json.hpp>

#include <filesystem>

using namespace gradus;
using namespace gradus::text;

namespace {

const std::filesystem::path kFolder = tests::sourceDir() / "tests/data/tokenizers";
const std::string kDamage = "0\"{}[],x";
const char* const kNames[] = {"qwen2", "llama3", "gpt_neox", "smollm", "llama2", "mistral", "gemma"};

Tokenizer opened(const std::string& name)
{
    auto tokenizer = Tokenizer::open(kFolder / name);
    if (!tokenizer) qFatal("%s", tokenizer.error().message.c_str());
    return std::move(*tokenizer);
}

std::string utf8(unsigned code)
{
    return QString::fromUcs4(reinterpret_cast<const char32_t*>(&code), 1).toStdString();
}

/// Letters of several scripts, spaces, marks and now and then a byte that is no UTF-8.
std::string randomText(Rng& rng, bool broken)
{
    std::string text;
    const std::size_t length = rng.below(120);
    for (std::size_t i = 0; i < length; ++i) {
        const auto kind = rng.below(10);
        if (kind < 5)
            text += static_cast<char>('a' + rng.below(4));
        else if (kind < 7)
            text += rng.below(2) != 0 ? " " : "\n";
        else if (kind < 8 && broken)
            text += static_cast<char>(0x80 + rng.below(0x80));
        else if (kind < 9)
            text += utf8(0x300 + static_cast<unsigned>(rng.below(0x300)));
        else
            text += utf8(0x1F600 + static_cast<unsigned>(rng.below(64)));
    }
    return text;
}

std::string refusal(const nlohmann::json& json)
{
    const auto tokenizer = Tokenizer::fromJson(json.dump(), "t.json");
    return tokenizer ? std::string() : tokenizer.error().message;
}

} // namespace

class TokenizerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void idsAndTexts_equalHuggingFace_data() { addNames(); }
    void idsAndTexts_equalHuggingFace()
    {
        QFETCH(QString, name);
        const Tokenizer tokenizer = opened(name.toStdString());
        const auto golden = nlohmann::json::parse(readFile(kFolder / name.toStdString() / "golden.json").value());
        for (const auto& row : golden) {
            const auto text = row["text"].get<std::string>();
            const auto ids = row["ids"].get<std::vector<Id>>();
            QVERIFY2(tokenizer.encode(text) == ids, text.c_str());
            QVERIFY2(tokenizer.encode(text, {.addSpecialTokens = false}) == row["bare"].get<std::vector<Id>>(),
                     text.c_str());
            QCOMPARE(tokenizer.decode(ids), row["decoded"].get<std::string>());
            QCOMPARE(tokenizer.decode(ids, false), row["whole"].get<std::string>());
        }
    }

    void ranges_coverTheTextInOrder_data() { addNames(); }
    void ranges_coverTheTextInOrder()
    {
        QFETCH(QString, name);
        const Tokenizer tokenizer = opened(name.toStdString());
        Rng rng(tests::propertySeed(), "ranges");
        for (int i = 0; i < 300; ++i) {
            const std::string text = randomText(rng, false);
            const Encoding encoding = tokenizer.encodeWithRanges(text, {.addSpecialTokens = false});
            QVERIFY(encoding.ids == tokenizer.encode(text, {.addSpecialTokens = false}));
            std::uint32_t covered = 0;
            for (const Range& range : encoding.ranges) {
                QVERIFY(range.begin <= range.end && range.end <= text.size());
                QVERIFY(range.begin <= covered); // no gap
                covered = std::max(covered, range.end);
            }
            QCOMPARE(covered, static_cast<std::uint32_t>(text.size()));
        }
    }

    void byteLevel_givesBackEveryText()
    {
        const Tokenizer tokenizer = opened("llama3"); // no normaliser: nothing may be lost
        Rng rng(tests::propertySeed(), "round trip");
        for (int i = 0; i < 500; ++i) {
            const std::string text = randomText(rng, i % 2 == 0);
            QCOMPARE(tokenizer.decode(tokenizer.encode(text)), repairedUtf8(text));
        }
    }

    void sentencePiece_givesBackEveryText()
    {
        const Tokenizer tokenizer = opened("llama2");
        Rng rng(tests::propertySeed(), "round trip");
        for (int i = 0; i < 500; ++i) {
            const std::string text = "x" + randomText(rng, false);
            QCOMPARE(tokenizer.decode(tokenizer.encode(text)), text);
        }
    }

    void longRuns_mergeAsShortOnesDo()
    {
        // Both ways of merging on the same run: words of 40 symbols take one, runs of thousands the other.
        const Tokenizer tokenizer = opened("qwen2");
        const std::string run(20000, 'a');
        QElapsedTimer timer;
        timer.start();
        const auto ids = tokenizer.encode(run);
        QVERIFY(timer.elapsed() < 1000 * tests::kPatience);
        QCOMPARE(tokenizer.decode(ids), run);
        const auto shorter = tokenizer.encode(std::string(40, 'a'));
        QVERIFY(std::equal(shorter.begin(), shorter.end() - 4, ids.begin()));
    }

    void whatUsersWrite_cannotEndItsTurn()
    {
        const Tokenizer tokenizer = opened("qwen2");
        const Id end = *tokenizer.idOf("<|end|>");
        const std::string text = "never <|end|> here";
        const auto parsed = tokenizer.encode(text);
        const auto plain = tokenizer.encode(text, {.parseSpecialTokens = false});
        QVERIFY(std::ranges::find(parsed, end) != parsed.end());
        QVERIFY(std::ranges::find(plain, end) == plain.end());
        QCOMPARE(tokenizer.decode(plain), text);
    }

    void unknownIds_giveNothing()
    {
        const Tokenizer tokenizer = opened("qwen2");
        QCOMPARE(tokenizer.decode(std::vector<Id>{-1, 1 << 30, tokenizer.vocabulary()}), std::string());
        QVERIFY(!tokenizer.idOf("no such token"));
    }

    void whatIsNotSupported_isRefusedByName_data()
    {
        QTest::addColumn<QString>("patch");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* patch, const char* says) {
            QTest::newRow(name) << patch << says;
        };
        row("normaliser", R"({"normalizer": {"type": "Lowercase"}})", "\"Lowercase\"");
        row("nested", R"({"normalizer": {"type": "Sequence", "normalizers": [{"type": "StripAccents"}]}})",
            "StripAccents");
        row("pre-tokenizer", R"({"pre_tokenizer": {"type": "BertPreTokenizer"}})", "BertPreTokenizer");
        row("split", R"({"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Removed"}})",
            "Removed");
        row("regex", R"({"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "+"}, "behavior": "Isolated"}})",
            "regular expression");
        row("model", R"({"model": {"type": "Unigram"}})", "Unigram");
        row("dropout", R"({"model": {"dropout": 0.1}})", "dropout");
        row("suffix", R"({"model": {"end_of_word_suffix": "</w>"}})", "end_of_word_suffix");
        row("decoder", R"({"decoder": {"type": "WordPiece"}})", "WordPiece");
        row("post-processor", R"({"post_processor": {"type": "BertProcessing"}})", "BertProcessing");
        row("merge", R"({"model": {"merges": [["q", "no such token"]]}})", "merge 1");
        row("id", R"({"model": {"vocab": {"a": -1}}})", "id from 0");
        row("forged id", R"({"model": {"vocab": {"a": 9000000}, "merges": []}})", "holes");
        row("twice", R"({"model": {"vocab": {"newtoken": 5}}})", "two tokens");
        row("added", R"({"added_tokens": [{"content": "x"}]})", "added token 1");
    }
    void whatIsNotSupported_isRefusedByName()
    {
        QFETCH(QString, patch);
        QFETCH(QString, says);
        auto json = nlohmann::json::parse(readFile(kFolder / "qwen2/tokenizer.json").value());
        const auto change = nlohmann::json::parse(patch.toStdString());
        if (change.contains("model") && change["model"].contains("vocab") && change["model"].contains("merges"))
            json["model"]["vocab"].clear();
        json.merge_patch(change);
        const std::string said = refusal(json);
        QVERIFY2(said.find(says.toStdString()) != std::string::npos, said.c_str());
    }

    void damagedFiles_neverCrash()
    {
        const std::string whole = readFile(kFolder / "mistral/tokenizer.json").value();
        Rng rng(tests::propertySeed(), "damage");
        for (int i = 0; i < 150; ++i) {
            std::string damaged = whole;
            for (int change = 0; change < 3; ++change)
                damaged[rng.below(damaged.size())] = kDamage[rng.below(kDamage.size())];
            if (i % 3 == 0) damaged.resize(rng.below(damaged.size()));
            const auto tokenizer = Tokenizer::fromJson(damaged, "t.json");
            if (tokenizer)
                QVERIFY(!tokenizer->encode("some text").empty());
            else
                QVERIFY(!tokenizer.error().message.empty());
        }
    }

private:
    static void addNames()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : kNames)
            QTest::newRow(name) << name;
    }
};
GRADUS_SUITE(TokenizerTest)
#include "tokenizer_test.moc"
