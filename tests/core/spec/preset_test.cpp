// SPDX-License-Identifier: GPL-3.0-or-later
// A person's presets as files: what is read, what is refused in words, and that nothing is lost.
#include "base/files.h"
#include "spec/curve_place.h"
#include "spec/preset_library.h"

#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::spec;

namespace {

const schedule::Curve kCurve{{{.x = 0, .y = 0.3},
                              {.x = 0.4, .y = 5, .interpolation = schedule::Interpolation::Bezier, .right = {0.1, 0.2}},
                              {.x = 1, .y = -2, .left = {-0.1, 0}}}};

} // namespace

class PresetTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    int m_made = 0;

    PresetLibrary library() { return PresetLibrary(m_folder.filePath(QString::number(++m_made)).toStdString()); }

private Q_SLOTS:
    void preset_isReadBackBitForBit()
    {
        const SavedPreset preset{"slow start", "gap.curve", kCurve};
        const auto read = parsePreset(presetToml(preset), "x");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(read->curve == preset.curve);
        QCOMPARE(read->name, preset.name);
        QCOMPARE(read->drawnFor, preset.drawnFor);
    }
    void badText_isRefusedWithPlaceAndCure_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("words");
        const QString head = "version = 1\nname = \"a\"\n";
        QTest::newRow("newer") << "version = 2\nfuture = true\n"
                               << "newer version of Gradus";
        QTest::newRow("no version") << "name = \"a\"\n"
                                    << "version = 1";
        QTest::newRow("text as version") << "version = \"1\"\n"
                                         << "whole number";
        QTest::newRow("not toml") << "version = = 1"
                                  << "x.toml:1:";
        QTest::newRow("misspelt") << head + "curv = 1\n"
                                  << "\"curve\"";
        QTest::newRow("no curve") << head << "needs a curve";
        QTest::newRow("nan") << head + "curve = { keys = [[0, nan]] }"
                             << "x.toml:3:";
        QTest::newRow("huge") << head + "curve = { keys = [[0, 1e300]] }"
                              << "1e+300";
        QTest::newRow("reversed") << head + "curve = { keys = [[1, 1], [0, 1]] }"
                                  << "cannot be used";
        QTest::newRow("name of two lines") << "version = 1\nname = \"a\\nb\"\n"
                                           << "one line";
        QTest::newRow("built-in name") << "version = 1\nname = \"cosine\"\n"
                                       << "built-in";
    }
    void badText_isRefusedWithPlaceAndCure()
    {
        QFETCH(QString, text);
        QFETCH(QString, words);
        const auto read = parsePreset(text.toStdString(), "x.toml");
        QVERIFY(!read);
        QVERIFY(read.error().kind == ErrorKind::BadInput);
        QVERIFY2(read.error().message.find(words.toStdString()) != std::string::npos, read.error().message.c_str());
    }
    void names_ofOneFileName_areKeptApart()
    {
        const PresetLibrary shelf = library();
        QVERIFY(shelf.save({"My decay", "", kCurve}).ok());
        QVERIFY(shelf.save({"my-decay", "", kCurve}).ok());
        QVERIFY(shelf.save({"µ", "", kCurve}).ok());
        QCOMPARE(shelf.list().size(), std::size_t{3});
        const auto again = shelf.save({"My decay", "", kCurve});
        QVERIFY(!again);
        QVERIFY(again.error().message.find("replace") != std::string::npos);
    }
    void brokenFile_isNeverReplacedMovedOrChanged()
    {
        const PresetLibrary shelf = library();
        std::filesystem::create_directories(shelf.folder());
        const std::string newer = "version = 9\nname = \"mine\"\n";
        QVERIFY(writeFileAtomically(shelf.folder() / "mine.toml", newer).ok());
        QVERIFY(shelf.save({"mine", "", kCurve}).ok()); // beside it
        QVERIFY(shelf.save({"mine", "", kCurve}, true).ok());
        QVERIFY(shelf.rename("mine", "yours").ok());
        for (const auto& refused : {shelf.rename("mine", "other"), Result<void>(shelf.remove("mine").error())}) {
            QVERIFY(!refused);
            QVERIFY2(refused.error().message.find("newer version") != std::string::npos,
                     refused.error().message.c_str());
        }
        QCOMPARE(*readFile(shelf.folder() / "mine.toml"), newer);
        QCOMPARE(shelf.list().size(), std::size_t{2});
        QVERIFY(!shelf.list().back().preset && !shelf.list().back().problem.empty());
    }
    void renaming_keepsEveryOtherByte()
    {
        const PresetLibrary shelf = library();
        std::filesystem::create_directories(shelf.folder());
        const std::string text =
            "# mine\nversion = 1 # first\nname   = \"a\" # short\ncurve = { keys = [[0.0, 1.0]] }\n";
        QVERIFY(writeFileAtomically(shelf.folder() / "f.toml", text).ok());
        QVERIFY(shelf.rename("a", "b \"c\"").ok());
        QVERIFY(shelf.rename("b \"c\"", "a").ok());
        QCOMPARE(*readFile(shelf.folder() / "f.toml"), text);
    }
    void removed_comesBackTheLastFirst()
    {
        const PresetLibrary shelf = library();
        QVERIFY(!shelf.restore("a"));
        QVERIFY(shelf.save({"a", "", kCurve}).ok());
        const std::string first = *readFile(shelf.find("a")->file);
        QVERIFY(shelf.remove("a").ok());
        QVERIFY(shelf.list().empty());
        QVERIFY(!shelf.find("a"));
        QVERIFY(shelf.restore("a").ok());
        QCOMPARE(*readFile(shelf.find("a")->file), first);
        QVERIFY(shelf.remove("a").ok());
        QVERIFY(shelf.save({"a", "", {{{.x = 0, .y = 1}}}}).ok());
        QVERIFY(!shelf.restore("a")); // the name is taken
        QVERIFY(shelf.removed().size() == 1);
    }
    void import_givesATakenNameANumber()
    {
        const PresetLibrary shelf = library();
        QVERIFY(shelf.save({"a", "", kCurve}).ok());
        const auto out = shelf.folder() / "elsewhere.txt";
        QVERIFY(shelf.exportTo("a", out).ok());
        QCOMPARE(*shelf.import(out), std::string("a 2"));
        QCOMPARE(*shelf.import(out), std::string("a 3"));
        QVERIFY(!shelf.import(shelf.folder() / "nothing"));
    }
    void curve_isReadAndWrittenWhereItStands()
    {
        const std::string text = "[experiment]\nname = \"x\" # kept\n[ladder]\ngenerations = 4\n"
                                 "[[signals.source]]\nname = \"past\"\nkind = \"model\"\n";
        const schedule::Curve ramp{{{.x = 0, .y = 0.25}, {.x = 1, .y = 0.5}}};
        for (const CurvePlace& place : {CurvePlace{"gap.curve", ""}, CurvePlace{"training.learning_rate", ""},
                                        CurvePlace{"training.decay", ""}, CurvePlace{"", "past"}}) {
            const auto edited = withCurveAt(text, place, ramp, "x");
            QVERIFY2(edited, edited ? "" : edited.error().message.c_str());
            QVERIFY(edited->find("# kept") != std::string::npos);
            QVERIFY(*curveAt(*edited, place, "x") == ramp);
        }
        for (const CurvePlace& place :
             {CurvePlace{"gap.curves", ""}, CurvePlace{"ladder.generations", ""}, CurvePlace{"", "pas"}})
            QVERIFY(!withCurveAt(text, place, ramp, "x"));
        QVERIFY(!withCurveAt(text, {"", "past"}, {{{.x = 0, .y = 3}}}, "x")); // beyond 0..1
    }
};
GRADUS_SUITE(PresetTest)
#include "preset_test.moc"
