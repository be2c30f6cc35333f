// SPDX-License-Identifier: GPL-3.0-or-later
// What the self-test of this machine says, read from a program that may say anything.
#include "viewmodels/device_check.h"

#include "support/suite.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus::viewmodels;

class DeviceCheckTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rows_areReadAndMadeVisible()
    {
        const DeviceReport report =
            readDeviceReport("[{\"state\": \"ok\", \"subject\": \"run\", \"sentence\": \"a\\u001b[2J\"},"
                             " {\"state\": \"warning\", \"subject\": \"parquet\", \"sentence\": \"absent\"},"
                             " {\"state\": \"failed\", \"subject\": \"resume\", \"sentence\": \"other weights\"}]",
                             "");
        QCOMPARE(report.rows.size(), 3);
        QVERIFY(!report.rows[0].sentence.contains(QChar(0x1b)));
        QCOMPARE(report.countIn(DeviceRow::State::Failed), 1);
        QCOMPARE(report.countIn(DeviceRow::State::Warned), 1);
        QVERIFY(report.problem.isEmpty());
    }
    void whatCannotBeRead_isAProblem()
    {
        for (const char* text : {"", "{}", "[]", "[", "null"})
            QVERIFY(!readDeviceReport(text, "").problem.isEmpty());
        QCOMPARE(readDeviceReport("", "gradus: libtorch is missing.").problem, QString("libtorch is missing."));
        QCOMPARE(readDeviceReport("[7]", "").countIn(DeviceRow::State::Failed), 1);
    }
    void program_isAskedAndItsAbsenceIsSaid()
    {
        const QTemporaryDir folder;
        QFile program(folder.filePath("gradus"));
        QVERIFY(program.open(QIODevice::WriteOnly));
        program.write("#!/bin/sh\n[ \"$1 $2 $3\" = 'doctor --self-test --json' ] || exit 2\n"
                      "echo '[{\"state\": \"ok\", \"subject\": \"run\", \"sentence\": \"trained\"}]'\n");
        program.close();
        program.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        DeviceCheck check;
        QSignalSpy answers(&check, &DeviceCheck::answered);
        check.start({folder.path(), program.fileName()});
        check.start({folder.path(), program.fileName()}); // one at a time
        QVERIFY(answers.wait(20'000));
        QCOMPARE(answers.size(), 1);
        QCOMPARE(answers[0][0].value<DeviceReport>().rows.value(0).sentence, QString("trained"));
        QVERIFY(!check.isRunning());
        check.start({folder.path(), folder.filePath("absent")});
        QVERIFY(answers.size() == 2 || answers.wait(20'000));
        QVERIFY(answers[1][0].value<DeviceReport>().problem.contains("absent"));
    }
};
GRADUS_SUITE(DeviceCheckTest)
#include "device_check_test.moc"
