// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/reading.h"

#include "base/rng.h"
#include "support/suite.h"

#include <QTest>

#include <set>

using namespace gradus;
using namespace gradus::data;

namespace {

Item itemOf(const std::string& context, const std::string& question, const std::vector<std::string>& answers, int truth)
{
    Item item;
    for (const std::string& answer : answers)
        item.texts.push_back("Context: " + context + "\nQuestion: " + question + "\nAnswer: " + answer);
    item.truth = truth;
    return item;
}

} // namespace

class ReadingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anItem_isTakenApartAgain()
    {
        const Item item = itemOf("It rained. We stayed in.", "Why ?", {"The rain .", "The rain was red .", "Sun ."}, 1);
        std::set<std::string> others;
        int first = 0;
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            const auto asked = readingQuestion(item, seed);
            QVERIFY(asked.has_value());
            QCOMPARE(asked->passage, std::string("It rained. We stayed in."));
            QCOMPARE(asked->question, std::string("Why ?"));
            QCOMPARE(asked->answers[static_cast<std::size_t>(asked->truth)], std::string("The rain was red ."));
            others.insert(asked->answers[static_cast<std::size_t>(1 - asked->truth)]);
            first += asked->truth == 0 ? 1 : 0;
        }
        const std::set<std::string> expected{"The rain .", "Sun ."};
        QVERIFY(others == expected); // answers that begin alike are told apart at their beginning
        QVERIFY(first > 15 && first < 45);
    }
    void labelsInsideTheTexts_areNotMistakenForTheTemplates()
    {
        const auto asked =
            readingQuestion(itemOf("He wrote:\nQuestion: what ?\nAnswer: nothing", "Really ?", {"Yes", "No"}, 0), 1);
        QVERIFY(asked.has_value());
        QCOMPARE(asked->passage, std::string("He wrote:\nQuestion: what ?\nAnswer: nothing"));
        QCOMPARE(asked->question, std::string("Really ?"));
    }
    void itemsOfAnotherForm_areNone()
    {
        QVERIFY(!readingQuestion(itemOf("A.", "B ?", {"same", "same"}, 0), 1));
        QVERIFY(!readingQuestion(itemOf("A.", "B ?", {"only"}, 0), 1));
        Item pair;
        pair.texts = {"\n\nHuman: a\n\nAssistant: b", "\n\nHuman: a\n\nAssistant: c"};
        QVERIFY(!readingQuestion(pair, 1));
        QVERIFY(!readingQuestion({}, 1));
    }
    void sentences_areVerbatimAndInOrder()
    {
        QCOMPARE(sentencesOf("One. Two!  \"Three?\" Four\nfive ... six"),
                 (std::vector<std::string>{"One.", "Two!", "\"Three?\"", "Four", "five ...", "six"}));
        QCOMPARE(sentencesOf(" . ! ? "), std::vector<std::string>{});
        QCOMPARE(sentencesOf(""), std::vector<std::string>{});
        QCOMPARE(sentencesOf("3.5 is a number . And 4 ."), (std::vector<std::string>{"3.5 is a number .", "And 4 ."}));
    }
    /// Whatever the passage: each sentence stands in it, after the one before, and no letter is lost.
    void anyPassage_isCutIntoWhatItHolds()
    {
        Rng rng(tests::propertySeed(), "passages");
        const std::string alphabet = "ab .!?\n\"'\xC3\xA9 ";
        for (int trial = 0; trial < 2000; ++trial) {
            std::string passage;
            for (std::uint64_t n = rng.below(60); n > 0; --n)
                passage += alphabet[rng.below(alphabet.size())];
            std::size_t at = 0;
            std::size_t letters = 0;
            for (const std::string& sentence : sentencesOf(passage)) {
                const std::size_t found = passage.find(sentence, at);
                QVERIFY(found != std::string::npos);
                at = found + sentence.size();
                for (const char c : sentence)
                    letters += c == 'a' || c == 'b' ? 1 : 0;
            }
            std::size_t all = 0;
            for (const char c : passage)
                all += c == 'a' || c == 'b' ? 1 : 0;
            QCOMPARE(letters, all);
        }
    }
    void whatIsAsked_isTheTemplatesOwnText()
    {
        QCOMPARE(askedAfter("It rained.", "Why ?") + " " + "The rain .",
                 itemOf("It rained.", "Why ?", {"The rain ."}, 0).texts.front());
        QCOMPARE(askedAfter("", "Why ?"), std::string("Question: Why ?\nAnswer:"));
    }
};

GRADUS_SUITE(ReadingTest)
#include "reading_test.moc"
