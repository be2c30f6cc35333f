// SPDX-License-Identifier: GPL-3.0-or-later
// A person's queue of items: what is left, what the file holds after every label, and files that do not fit.
#include "run/label_queue.h"

#include "base/files.h"
#include "pipeline/human_labels.h"
#include "support/must.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::run;
using tests::must;

namespace {

/// One text, two texts to choose from, and tokens; two classes each.
const std::string kItems =
    "{\"item\":\"00000000000000a1\",\"texts\":[\"one \\u001b[2J text\"],\"classes\":2,\"label\":\"\"}\n"
    "{\"item\":\"00000000000000a2\",\"texts\":[\"left\",\"right\"],\"classes\":2,\"label\":\"\"}\n"
    "{\"item\":\"00000000000000a3\",\"tokens\":[[5,2]],\"classes\":2,\"label\":\"\"}\n";

} // namespace

class LabelQueueTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    std::filesystem::path m_folder = m_scratch.path().toStdString();

    std::filesystem::path file(const char* name, const std::string& text) const
    {
        must(writeFileAtomically(m_folder / name, text));
        return m_folder / name;
    }
    LabelRequest request(const char* labels, const std::string& annotator, const std::string& background = {}) const
    {
        return {.items = file("items.jsonl", kItems),
                .labels = m_folder / labels,
                .annotator = annotator,
                .background = background};
    }

private Q_SLOTS:
    void everyLabel_isInTheFileAtOnceAndIsNotAskedAgain()
    {
        for (const char* name : {"a.csv", "a.jsonl"}) {
            const LabelRequest asked = request(name, "ada", "nurse, \"12\" years");
            LabelQueue queue = must(LabelQueue::open(asked));
            QVERIFY(!std::filesystem::exists(asked.labels)); // nothing is written before something is said
            QCOMPARE(queue.size(), std::size_t{3});
            QVERIFY(!queue.next()->textsAreChoices);
            must(queue.label(1));
            QVERIFY(queue.next()->textsAreChoices);
            QCOMPARE(queue.labelled(), std::size_t{1});
            queue.pass();
            QCOMPARE(queue.next()->name, std::string("00000000000000a3"));
            QCOMPARE(queue.next()->texts, std::vector<std::string>{"[5,2]"});
            must(queue.label(0));
            QVERIFY(queue.next() == nullptr);

            LabelQueue later = must(LabelQueue::open(request(name, "ada"))); // the background is in the file
            QCOMPARE(later.labelled(), std::size_t{2});
            QCOMPARE(later.next()->name, std::string("00000000000000a2"));
            must(later.label(1));
            const auto read =
                must(pipeline::readHumanLabels({.name = "h", .kind = "human", .file = asked.labels.string()}, 2));
            QCOMPARE(read.classes.size(), std::size_t{3});
            QCOMPARE(read.classes.at(0xa1), 1);
            QCOMPARE(read.classes.at(0xa3), 0);
            QCOMPARE(read.background, std::string("nurse, \"12\" years"));
        }
    }
    void aTextThatNestsWithoutEnd_isShownAsItStands()
    {
        LabelRequest asked = request("deep.csv", "ada");
        const std::string deep =
            std::string(200'000, '[') + std::string(200'000, ']'); // printing it would end the stack
        asked.items = file("deep.csv", "item,classes,texts\n00000000000000a1,2," + deep + "\n");
        asked.labels = m_folder / "deep-labels.csv";
        const LabelQueue queue = must(LabelQueue::open(asked));
        QCOMPARE(queue.next()->texts, std::vector<std::string>{deep});
    }
    void severalPeople_shareAFile()
    {
        LabelQueue ada = must(LabelQueue::open(request("shared.csv", "ada", "nurse")));
        LabelQueue bob = must(LabelQueue::open(request("shared.csv", "bob")));
        must(ada.label(1));
        must(bob.label(0)); // the file was not there when bob began
        must(ada.label(1));
        const auto labels = [&](const char* who) {
            return must(pipeline::readHumanLabels(
                {.name = "h", .kind = "human", .file = (m_folder / "shared.csv").string(), .annotator = who}, 2));
        };
        QCOMPARE(labels("ada").classes.size(), std::size_t{2});
        QCOMPARE(labels("bob").classes.at(0xa1), 0);
        QCOMPARE(labels("ada").background, std::string("nurse"));
        QVERIFY(labels("bob").background.empty());
    }
    void undo_takesBackOneLabelAfterTheOther()
    {
        const LabelRequest asked = request("undo.csv", "ada");
        LabelQueue queue = must(LabelQueue::open(asked));
        QCOMPARE(must(queue.undo()), false);
        must(queue.label(1));
        const std::string one = must(readFile(asked.labels));
        must(queue.label(0));
        QCOMPARE(must(queue.undo()), true);
        QCOMPARE(must(readFile(asked.labels)), one);
        QCOMPARE(queue.next()->name, std::string("00000000000000a2"));
        QCOMPARE(must(queue.undo()), true);
        QCOMPARE(queue.next()->name, std::string("00000000000000a1"));
        QCOMPARE(queue.labelled(), std::size_t{0});
        QVERIFY(LabelQueue::open(asked).ok()); // the file has no label left
        must(queue.label(1));
        QCOMPARE(must(readFile(asked.labels)), one);
    }
    void filesThatDoNotFit_areRefusedInOneSentence()
    {
        const auto says = [](const LabelRequest& asked, const char* part) {
            const auto opened = LabelQueue::open(asked);
            return !opened && opened.error().kind == ErrorKind::BadInput &&
                   opened.error().message.find(part) != std::string::npos;
        };
        LabelRequest asked = request("x.csv", "");
        QVERIFY(says(asked, "give --annotator"));
        asked.annotator = "two\nlines";
        QVERIFY(says(asked, "no single line"));
        asked.annotator = "=1+1";
        QVERIFY(says(asked, "begin it with a letter"));
        QVERIFY(says(request("x.txt", "ada"), "to a .csv or .jsonl file"));
        file("y.csv", "item,label\n00000000000000a1,1\n");
        QVERIFY(says(request("y.csv", "ada"), "lacks the column \"annotator\""));
        file("z.csv", "item,label,annotator\n00000000000000a1,1,bob\n");
        QVERIFY(says(request("z.csv", "ada", "nurse"), "lacks the column \"background\""));
        QVERIFY(LabelQueue::open(request("z.csv", "ada")).ok());
        file("w.csv", "item,label,annotator,background\n00000000000000a1,1,ada,nurse\n");
        QVERIFY(says(request("w.csv", "ada", "pilot"), "has the background \"nurse\" there, not \"pilot\""));
        LabelRequest other = request("v.csv", "ada");
        other.items = file("items.csv", "item,texts\n00000000000000a1,hello\n");
        QVERIFY(says(other, "lacks classes"));
        other.items = file("items2.csv", "item,texts,classes\n00000000000000a1,hello,1\n");
        QVERIFY(says(other, "is no number from 2"));
        other.items = file("items3.csv", "item,texts,classes\nxyz,hello,2\n");
        QVERIFY(says(other, "names no item"));
        for (const char* name : {"x.csv", "x.txt", "v.csv"})
            QVERIFY(!std::filesystem::exists(m_folder / name));
    }
};
GRADUS_SUITE(LabelQueueTest)
#include "label_queue_test.moc"
