// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/job.h"

#include "support/suite.h"

#include <QSemaphore>
#include <QTest>
#include <QThread>

using gradus::common::Job;

class JobTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void work_runsElsewhereAndIsDeliveredHere()
    {
        QObject context;
        Job job(&context);
        QThread* worker = nullptr;
        QThread* delivered = nullptr;
        int answer = 0;
        job.start(
            [&worker] {
                worker = QThread::currentThread();
                return 42;
            },
            [&](int value) { answer = value, delivered = QThread::currentThread(); });
        QVERIFY(job.isRunning());
        QTRY_COMPARE(answer, 42);
        QVERIFY(worker != QThread::currentThread());
        QCOMPARE(delivered, QThread::currentThread());
        QVERIFY(!job.isRunning());
    }
    void staleAnswer_isNeverDelivered()
    {
        QObject context;
        Job job(&context);
        QSemaphore gate;
        QVector<int> answers;
        job.start(
            [&gate] {
                gate.acquire();
                return 1;
            },
            [&](int value) { answers << value; });
        job.start([] { return 2; }, [&](int value) { answers << value; });
        gate.release();
        QTRY_COMPARE(answers.size(), 1);
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::processEvents();
        QCOMPARE(answers, QVector<int>{2});
    }
    void deadContextOrJob_getsNothing()
    {
        bool delivered = false;
        QSemaphore gate;
        auto context = std::make_unique<QObject>();
        Job kept(context.get());
        kept.start(
            [&gate] {
                gate.acquire();
                return 1;
            },
            [&](int) { delivered = true; });
        {
            Job gone(this);
            gone.start(
                [&gate] {
                    gate.acquire();
                    return 1;
                },
                [&](int) { delivered = true; });
        }
        context.reset();
        gate.release(2);
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::processEvents();
        QVERIFY(!delivered);
    }
};
GRADUS_SUITE(JobTest)
#include "job_test.moc"
