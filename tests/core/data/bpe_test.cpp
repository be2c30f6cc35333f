// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/bpe.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace gradus;
using data::Bpe;

namespace {

const std::string kText = "the cat sat on the mat, and the other cat's hat that I'd seen; the end.\n\n"
                          "Human: zwölf Katzen\n\nAssistant: 12 cats, that's all.";

std::string randomBytes(Rng& rng, std::size_t size, bool letters)
{
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes += static_cast<char>(letters ? 'a' + rng.below(3) : rng.below(256));
    return bytes;
}

/// The definition, word by word: apply each merge in order, everywhere, from the left.
std::vector<Bpe::Id> encodedByDefinition(const Bpe& bpe, std::string_view text)
{
    std::vector<Bpe::Id> all;
    for (const std::string_view piece : data::splitForBpe(text)) {
        std::vector<Bpe::Id> ids;
        for (const char c : piece)
            ids.push_back(static_cast<unsigned char>(c));
        for (std::size_t m = 0; m < bpe.merges().size(); ++m)
            for (std::size_t i = 0; i + 1 < ids.size(); ++i)
                if (ids[i] == bpe.merges()[m].first && ids[i + 1] == bpe.merges()[m].second) {
                    ids[i] = static_cast<Bpe::Id>(Bpe::kBytes + static_cast<int>(m));
                    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                }
        all.insert(all.end(), ids.begin(), ids.end());
    }
    return all;
}

} // namespace

class BpeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void split_followsThePublishedPattern()
    {
        const std::vector<std::string_view> expected{"Hello", "'ll", " world", "  ", " 42",
                                                     "!?",    "\n",  "\n",     "ok", " "};
        QCOMPARE(data::splitForBpe("Hello'll world   42!?\n\nok "), expected);
        const std::vector<std::string_view> accents{"Zw\xC3\xB6lf", " \xE4\xB8\xAD"};
        QCOMPARE(data::splitForBpe("Zw\xC3\xB6lf \xE4\xB8\xAD"), accents);
        QVERIFY(data::splitForBpe("").empty());
    }
    void split_losesNoByteOfAnything()
    {
        Rng rng(tests::propertySeed(), "bpe/split");
        for (int i = 0; i < 300; ++i) {
            const std::string text = randomBytes(rng, rng.below(60), false);
            std::string joined;
            for (const std::string_view piece : data::splitForBpe(text)) {
                QVERIFY(!piece.empty());
                joined += piece;
            }
            QCOMPARE(joined, text);
        }
    }
    void firstMerges_areTheMostFrequentPairsWithSmallerIdsFirst()
    {
        // "ab" stands three times, "xy" and "cd" twice each: cd before xy by its smaller ids.
        const Bpe bpe = Bpe::train({"xy", "ab", "cd", "ab", "xy", "ab", "cd"}, 256 + 1 + 3);
        const std::vector<Bpe::Merge> expected{{'a', 'b'}, {'c', 'd'}, {'x', 'y'}};
        QCOMPARE(bpe.merges(), expected);
        QCOMPARE(bpe.vocabulary(), 260);
        QCOMPARE(bpe.endOfText(), 259);
    }
    void training_doesNotDependOnTheTextsOrder()
    {
        const Bpe a = Bpe::train({kText, "more cats", "and hats"}, 300);
        const Bpe b = Bpe::train({"and hats", "more cats", kText}, 300);
        QCOMPARE(a.merges(), b.merges());
        QVERIFY(a.merges().size() > 10);
    }
    void training_stopsWhenNoPairOccursTwice()
    {
        const Bpe bpe = Bpe::train({"abc"}, 1000);
        QCOMPARE(bpe.merges().size(), 0U);
        QCOMPARE(Bpe::train({}, 1000).vocabulary(), 257);
    }
    void encode_equalsTheDefinition()
    {
        const Bpe bpe = Bpe::train({kText, "aaaa aaaa abab abab bbbb bcbc bcbc aaab"}, 330);
        Rng rng(tests::propertySeed(), "bpe/definition");
        QCOMPARE(bpe.encode(kText), encodedByDefinition(bpe, kText));
        for (int i = 0; i < 200; ++i) {
            const std::string text = randomBytes(rng, rng.below(40), true);
            QCOMPARE(bpe.encode(text), encodedByDefinition(bpe, text));
        }
    }
    void decodeOfEncode_isTheSameForAnyBytes()
    {
        const Bpe bpe = Bpe::train({kText}, 400);
        Rng rng(tests::propertySeed(), "bpe/round-trip");
        for (int i = 0; i < 500; ++i) {
            const std::string text = randomBytes(rng, rng.below(80), i % 2 == 0);
            const auto ids = bpe.encode(text);
            QVERIFY(ids.size() <= text.size());
            QVERIFY(std::all_of(ids.begin(), ids.end(), [&](Bpe::Id id) { return id >= 0 && id < bpe.endOfText(); }));
            QCOMPARE(bpe.decode(ids), text);
        }
    }
    void decode_ignoresIdsThatAreNoPiece()
    {
        const Bpe bpe = Bpe::train({kText}, 300);
        const std::vector<Bpe::Id> ids{-1, 'a', bpe.endOfText(), 1 << 30, 'b'};
        QCOMPARE(bpe.decode(ids), std::string("ab"));
    }
    void longUnbrokenRun_isEncodedInTime()
    {
        const std::string run(1'000'000, 'a');
        const Bpe bpe = Bpe::train({std::string_view(run).substr(0, 5000)}, 270);
        QElapsedTimer timer;
        timer.start();
        const auto ids = bpe.encode(run);
        QVERIFY(timer.elapsed() < 5000 * tests::kPatience);
        QCOMPARE(bpe.decode(ids), run);
    }
    void json_readsBackTheSame()
    {
        const Bpe bpe = Bpe::train({kText}, 320);
        const auto read = Bpe::fromJson(bpe.toJson(), "tokenizer.json");
        QVERIFY(read.ok());
        QCOMPARE(read->merges(), bpe.merges());
        QCOMPARE(read->encode(kText), bpe.encode(kText));
    }
    void json_ofAnotherKindIsRefusedWithTheFileName()
    {
        const std::string good = Bpe::train({kText}, 270).toJson();
        std::string wrongId = good;
        wrongId.replace(wrongId.find("256"), 3, "999");
        for (const std::string& bad :
             {std::string("{"), std::string("[]"), std::string("{\"model\":{\"type\":\"BPE\"}}"),
              std::string("{\"model\":{\"type\":\"Unigram\"}}"), good.substr(0, 200), wrongId}) {
            const auto read = Bpe::fromJson(bad, "odd.json");
            QVERIFY(!read.ok());
            QVERIFY(read.error().message.find("odd.json") != std::string::npos);
            QVERIFY(read.error().kind == ErrorKind::BadInput);
        }
    }
    void json_withADoublingMergeIsRefused()
    {
        std::string merges;
        std::string vocabulary;
        std::string piece = "a";
        for (int i = 0; i < 40 && piece.size() < 10000; ++i) {
            merges += (i ? "," : "") + ("[\"" + piece + "\",\"" + piece + "\"]");
            piece += piece;
            vocabulary += (i ? ",\"" : "\"") + piece + "\":" + std::to_string(256 + i);
        }
        const auto read = Bpe::fromJson("{\"normalizer\":null,\"pre_tokenizer\":{\"type\":\"ByteLevel\"},\"model\":"
                                        "{\"type\":\"BPE\",\"vocab\":{" +
                                            vocabulary + "},\"merges\":[" + merges + "]}}",
                                        "bomb.json");
        QVERIFY(!read.ok());
        QVERIFY(read.error().message.find("4,096") != std::string::npos);
    }
};
GRADUS_SUITE(BpeTest)
#include "bpe_test.moc"
