// SPDX-License-Identifier: GPL-3.0-or-later
// The person's presets through real events: saved, tried, used, renamed, removed and brought back; what cannot be used
// is listed with the reason and left alone.
#include "base/files.h"
#include "design_desk.h"
#include "editor/lane_view.h"
#include "preset_shelf.h"
#include "support/suite.h"

#include <QCheckBox>
#include <QDir>
#include <QFile>
#include <QLineEdit>

using namespace gradus;
using tests::PresetShelf;

namespace {

const std::string kText = "[experiment]\nname = \"shelf\"\n[ladder]\ngenerations = 4\n"
                          "[gap] # mine\ncurve = { keys = [[0.0, 0.3], [0.5, 0.4], [1.0, 0.9]] }\n"
                          "[training]\nlearning_rate = { keys = [[0.0, 0.004], [1.0, 0.002]] }\n";

} // namespace

class PresetPopoverTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_home;
    QByteArray m_before;

    QDir library() const { return QDir(m_home.filePath("gradus/presets")); }
    void put(const QString& name, const QByteArray& text)
    {
        QVERIFY(QDir().mkpath(library().path()));
        QFile file(library().filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    void name(PresetShelf& shelf, const QString& text)
    {
        auto& field = shelf.child<QLineEdit>("presetName");
        field.setFocus();
        field.selectAll();
        QTest::keyClicks(&field, text);
    }

private Q_SLOTS:
    void init()
    {
        m_before = qgetenv("XDG_DATA_HOME");
        qputenv("XDG_DATA_HOME", QFile::encodeName(m_home.path()));
        QDir(m_home.filePath("gradus")).removeRecursively();
    }
    void cleanup() { m_before.isNull() ? (void)qunsetenv("XDG_DATA_HOME") : (void)qputenv("XDG_DATA_HOME", m_before); }

    void curve_isSavedAndUsedInAnotherDraft_asOneUndoStep()
    {
        schedule::Curve drawn;
        {
            tests::DesignDesk desk(kText);
            drawn = desk.document().curve();
            PresetShelf shelf(desk.page);
            name(shelf, "my decay");
            shelf.press("presetSave");
            QVERIFY(library().exists("my-decay.toml"));
            QCOMPARE(desk.document().text(), kText); // saving is no edit
        }
        const std::string other = "[experiment]\nname = \"other\"\n[ladder]\ngenerations = 4\n";
        tests::DesignDesk desk(other);
        PresetShelf shelf(desk.page);
        QVERIFY(shelf.choose(QString("my decay")));
        QVERIFY(desk.document().isPreviewing());
        QVERIFY(desk.document().curve() == drawn); // tried
        QCOMPARE(desk.document().text(), other);
        QTest::keyClick(&shelf.list(), Qt::Key_Escape);
        QVERIFY(!desk.document().isPreviewing());
        QCOMPARE(desk.document().text(), other);
        PresetShelf again(desk.page);
        QVERIFY(again.choose(QString("my decay")));
        again.press("presetUse");
        QVERIFY(desk.document().committedCurve() == drawn);
        QCOMPARE(desk.document().undoStack().count(), 1);
        QVERIFY(desk.page.lane().hasFocus());
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), other);
    }
    void takenName_isRefusedUntilItIsReplaced()
    {
        tests::DesignDesk desk(kText);
        PresetShelf shelf(desk.page);
        name(shelf, "mine");
        shelf.press("presetSave");
        const auto first = readFile(library().filePath("mine.toml").toStdString());
        QVERIFY(first.ok());
        QVERIFY(desk.document().setValue("gap.curve", "{ keys = [[0.0, 0.5], [1.0, 0.6]] }", "x"));
        shelf.press("presetSave");
        QCOMPARE(*readFile(library().filePath("mine.toml").toStdString()), *first);
        auto& replace = shelf.child<QPushButton>("presetReplace");
        QVERIFY(replace.isVisible());
        shelf.press("presetReplace");
        QVERIFY(*readFile(library().filePath("mine.toml").toStdString()) != *first);
        QCOMPARE(library().entryList({"*.toml"}).size(), 1);
        name(shelf, "cosine");
        shelf.press("presetSave");
        QVERIFY(!library().exists("cosine.toml")); // built-in names are not taken
    }
    void preset_isRenamedRemovedAndBroughtBack()
    {
        tests::DesignDesk desk(kText);
        PresetShelf shelf(desk.page);
        name(shelf, "one");
        shelf.press("presetSave");
        QVERIFY(shelf.choose(QString("one")));
        name(shelf, "two");
        shelf.press("presetRename");
        QVERIFY(!shelf.choose(QString("one")));
        QVERIFY(shelf.choose(QString("two")));
        shelf.press("presetRemove");
        QVERIFY(!shelf.choose(QString("two")));
        QVERIFY(library().entryList({"*.toml"}).isEmpty());
        QVERIFY(shelf.child<QPushButton>("presetBack").isVisible());
        shelf.press("presetBack");
        QVERIFY(shelf.choose(QString("two")));
        QVERIFY(!shelf.child<QPushButton>("presetBack").isVisible());
    }
    void newerAndBrokenPresets_areListedWithTheReasonAndLeftAlone()
    {
        const QByteArray newer = "version = 7\nname = \"from tomorrow\"\nshape = \"spiral\"\n";
        const QByteArray broken = "version = 1\nname = \"b\"\ncurve = { keys = [[0.0, nan]] }\n";
        put("tomorrow.toml", newer);
        put("broken.toml", broken);
        tests::DesignDesk desk(kText);
        PresetShelf shelf(desk.page);
        for (const auto& [own, reason] :
             {std::pair("tomorrow", "newer version"), std::pair("broken", "broken.toml:3")}) {
            QVERIFY2(shelf.choose(QString(own)), own);
            const QListWidgetItem& item = *shelf.list().currentItem();
            QVERIFY2(item.text().contains(reason), qPrintable(item.text()));
            QVERIFY(!desk.document().isPreviewing());
            for (const char* act : {"presetUse", "presetRemove", "presetRename", "presetExport"})
                QVERIFY2(!shelf.child<QPushButton>(act).isEnabled(), act);
            QTest::keyClick(&shelf.list(), Qt::Key_Return);
        }
        QCOMPARE(desk.document().text(), kText);
        QCOMPARE(*readFile(library().filePath("tomorrow.toml").toStdString()), newer.toStdString());
        QCOMPARE(*readFile(library().filePath("broken.toml").toStdString()), broken.toStdString());
    }
    void curveBeyondTheLane_isRefusedWithTheBoundsAndFitsWhenStretched()
    {
        put("tall.toml", "version = 1\nname = \"tall\"\ncurve = { keys = [[0.0, 10], [0.5, 30], [1.0, 20]] }\n");
        tests::DesignDesk desk(kText);
        PresetShelf shelf(desk.page);
        QVERIFY(shelf.choose(QString("tall")));
        QVERIFY(!desk.document().isPreviewing());
        shelf.press("presetUse");
        QCOMPARE(desk.document().text(), kText);
        QVERIFY(shelf.popover().isVisible());
        QTest::mouseClick(&shelf.child<QCheckBox>("presetStretch"), Qt::LeftButton, {}, {8, 8});
        QVERIFY(shelf.child<QCheckBox>("presetStretch").isChecked());
        shelf.press("presetUse");
        const auto& keys = desk.document().committedCurve().keys;
        QCOMPARE(keys.size(), std::size_t{3});
        QCOMPARE(keys[0].y, 0.3); // its lowest at the lane's lowest
        QCOMPARE(keys[1].y, 0.9);
        QCOMPARE(keys[2].y, 0.6);
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
    }
    void file_goesOutAndComesIn()
    {
        tests::DesignDesk desk(kText);
        PresetShelf shelf(desk.page);
        name(shelf, "one");
        shelf.press("presetSave");
        const QString out = m_home.filePath("out.toml");
        shelf.popover().desk().exportTo("one", out);
        QVERIFY(shelf.settle());
        QVERIFY(QFile::exists(out));
        shelf.popover().desk().importFile(out); // beside the first
        QVERIFY(shelf.settle());
        QVERIFY(shelf.choose(QString("one 2")));
    }
    void longName_ofMarkup_isShownAsItIs()
    {
        put("x.toml", "version = 1\nname = \"<b>bold</b>\"\ncurve = { keys = [[0.0, 0.3]] }\n");
        tests::DesignDesk desk(kText);
        PresetShelf shelf(desk.page);
        QVERIFY(shelf.choose(QString("<b>bold</b>")));
        QVERIFY(!Qt::mightBeRichText(shelf.list().currentItem()->toolTip()) ||
                shelf.list().currentItem()->toolTip().contains("&lt;b&gt;"));
        if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty())
            shelf.popover().grab().save(QDir(folder).filePath("presets.png"));
    }
};
GRADUS_SUITE(PresetPopoverTest)
#include "preset_popover_test.moc"
