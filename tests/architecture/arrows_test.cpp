// SPDX-License-Identifier: GPL-3.0-or-later
// Reads every #include of the tree and fails on an arrow that packaging/cmake/rooms.txt does not allow, on Qt in core,
// on a torch header in a public header or outside the engine rooms, on oversized files and on unnumbered TODOs.
#include "support/source_dir.h"
#include "support/suite.h"

#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

struct Source
{
    QString side; ///< "core" | "widgets" | "app"
    QString room;
    QString path; ///< relative to the tree
    QStringList lines;
};

const QString kTree = gradus::tests::sourceFile("");
const QSet<QString> kTorchRooms{"models", "engine"};

QList<Source> sources()
{
    QList<Source> all;
    for (const QString& side : {QStringLiteral("core"), QStringLiteral("widgets"), QStringLiteral("app")}) {
        QDirIterator it(kTree + "/" + side, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            QFile file(it.next());
            if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", qPrintable(file.fileName()));
            const QString path = file.fileName().mid(kTree.size() + 1);
            all.append({side, path.section('/', 1, 1), path, QString::fromUtf8(file.readAll()).split('\n')});
        }
    }
    return all;
}

QMap<QString, QSet<QString>> allowedArrows()
{
    QMap<QString, QSet<QString>> allowed;
    QFile file(kTree + "/packaging/cmake/rooms.txt");
    if (!file.open(QIODevice::ReadOnly)) qFatal("no rooms.txt");
    for (const QString& line : QString::fromUtf8(file.readAll()).split('\n')) {
        if (line.startsWith('#') || !line.contains(':')) continue;
        const QStringList uses = line.section(':', 1).split(' ', Qt::SkipEmptyParts);
        allowed[line.section(':', 0, 0)] = QSet<QString>(uses.begin(), uses.end());
    }
    return allowed;
}

QStringList includesOf(const Source& source)
{
    static const QRegularExpression include(QStringLiteral("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"));
    QStringList found;
    for (const QString& line : source.lines)
        if (const auto match = include.match(line); match.hasMatch()) found.append(match.captured(1));
    return found;
}

bool isTorch(const QString& header)
{
    return header.startsWith("ATen/") || header.startsWith("c10/") || header.startsWith("torch/");
}

} // namespace

class ArrowsTest : public QObject
{
    Q_OBJECT
    const QList<Source> m_sources = sources();
    const QMap<QString, QSet<QString>> m_allowed = allowedArrows();

private Q_SLOTS:
    void tree_isReadAtAll() { QVERIFY(m_sources.size() > 10); }
    void rooms_nameOnlyRoomsAboveThem()
    {
        // The file's order is a topological order, so no cycle can be written down.
        QFile file(kTree + "/packaging/cmake/rooms.txt");
        QVERIFY(file.open(QIODevice::ReadOnly));
        QSet<QString> above;
        for (const QString& line : QString::fromUtf8(file.readAll()).split('\n')) {
            if (line.startsWith('#') || !line.contains(':')) continue;
            for (const QString& used : line.section(':', 1).split(' ', Qt::SkipEmptyParts))
                QVERIFY2(above.contains(used), qPrintable(line));
            above.insert(line.section(':', 0, 0));
        }
    }
    void everyInclude_isAnAllowedArrow()
    {
        QStringList wrong;
        for (const Source& source : m_sources) {
            if (source.side == "app") continue; // mains compose
            for (const QString& header : includesOf(source)) {
                const QString room = header.section('/', 0, 0);
                if (!m_allowed.contains(room) || room == source.room) continue;
                if (!m_allowed[source.room].contains(room)) wrong << source.path + " -> " + header;
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }
    void core_hasNoQt()
    {
        static const QRegularExpression qt(QStringLiteral("^(Q[A-Z][A-Za-z]+|Qt[A-Z].*|qcustomplot.*)$"));
        for (const Source& source : m_sources)
            if (source.side == "core")
                for (const QString& header : includesOf(source))
                    QVERIFY2(!qt.match(header).hasMatch(), qPrintable(source.path + " -> " + header));
    }
    void torch_staysInTheEngineRoomsAndOutOfPublicHeaders()
    {
        for (const Source& source : m_sources)
            for (const QString& header : includesOf(source)) {
                if (!isTorch(header)) continue;
                const bool internalHeader = source.path.endsWith("_impl.h");
                QVERIFY2(source.side == "core" && kTorchRooms.contains(source.room), qPrintable(source.path));
                QVERIFY2(!source.path.endsWith(".h") || internalHeader, qPrintable(source.path + " -> " + header));
                QVERIFY2(header != "torch/torch.h", qPrintable(source.path));
            }
    }
    void sqliteAndQCustomPlot_eachHaveOneRoom()
    {
        for (const Source& source : m_sources)
            for (const QString& header : includesOf(source)) {
                if (header == "sqlite3.h") QVERIFY2(source.room == "store", qPrintable(source.path));
                if (header == "qcustomplot.h")
                    QVERIFY2(source.room == "plot" || source.path.endsWith("_plot.cpp"), qPrintable(source.path));
            }
    }
    void headers_areGuardedLicensedAndExplained()
    {
        for (const Source& source : m_sources) {
            QVERIFY2(source.lines.value(0).contains("SPDX-License-Identifier: GPL-3.0-or-later"),
                     qPrintable(source.path));
            if (!source.path.endsWith(".h")) continue;
            QVERIFY2(source.lines.value(1).startsWith("// "), qPrintable(source.path + ": says no purpose"));
            QVERIFY2(source.lines.contains("#pragma once"), qPrintable(source.path));
        }
    }
    void files_staySmall()
    {
        for (const Source& source : m_sources) {
            const int limit = source.path.endsWith(".h") ? 250 : 600;
            QVERIFY2(source.lines.size() <= limit,
                     qPrintable(QString("%1: %2 lines").arg(source.path).arg(source.lines.size())));
        }
    }
    void todo_hasAnIssueNumber()
    {
        static const QRegularExpression bare(QStringLiteral("\\b(TODO|FIXME|XXX)\\b(?!\\(#\\d+\\))"));
        for (const Source& source : m_sources)
            for (const QString& line : source.lines)
                QVERIFY2(!bare.match(line).hasMatch(), qPrintable(source.path + ": " + line));
    }
};
GRADUS_SUITE(ArrowsTest)
#include "arrows_test.moc"
