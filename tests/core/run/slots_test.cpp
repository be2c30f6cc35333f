// SPDX-License-Identifier: GPL-3.0-or-later
// One job a GPU: whatever cores there are, no two jobs that have a device to themselves go at once.
#include "run/slots.h"

#include "support/suite.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <thread>

using namespace gradus;
using namespace gradus::run;

namespace {

std::vector<spec::RunSpec> runsOn(const std::vector<std::string>& devices)
{
    std::vector<spec::RunSpec> runs;
    for (const std::string& device : devices) {
        runs.emplace_back();
        runs.back().experiment.compute.device = device;
    }
    return runs;
}

} // namespace

class SlotsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void slots_areOneForAllRunsOfAGpu()
    {
        QCOMPARE(slotsFor(runsOn({"cuda", "cuda", "cuda"}), 0, 8), 1);
        QCOMPARE(slotsFor(runsOn({"cuda", "cuda", "cuda"}), 3, 8), 1); // whatever is asked for
        QCOMPARE(slotsFor(runsOn({"cuda", "cpu", "cuda", "cpu"}), 0, 8), 3);
        QCOMPARE(slotsFor(runsOn({"cpu", "cpu"}), 0, 8), 2);
        QCOMPARE(slotsFor(runsOn({"cpu", "cpu"}), 1, 8), 1);
        QCOMPARE(slotsFor({}, 0, 8), 1);
    }
    void order_letsOthersPassATakenDevice()
    {
        JobOrder order({"cuda", "cuda", "", "cuda"});
        QCOMPARE(order.take(), std::optional<std::size_t>(0));
        QCOMPARE(order.take(), std::optional<std::size_t>(2));
        order.ended(0);
        QCOMPARE(order.take(), std::optional<std::size_t>(1));
        order.ended(1);
        QCOMPARE(order.take(), std::optional<std::size_t>(3));
        QCOMPARE(order.take(), std::optional<std::size_t>());
    }
    void manyThreads_neverShareADevice()
    {
        std::vector<std::string> devices;
        for (int i = 0; i < 60; ++i)
            devices.push_back(i % 3 == 0 ? "" : i % 3 == 1 ? "cuda" : "cuda:1");
        JobOrder order(devices);
        std::map<std::string, std::atomic<int>> at;
        for (const std::string& device : devices)
            at[device] = 0;
        std::atomic<int> most{0};
        std::atomic<int> done{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                while (const auto job = order.take()) {
                    const std::string& device = devices[*job];
                    const int now = ++at.at(device);
                    if (!device.empty() && now > most) most = now;
                    std::this_thread::sleep_for(std::chrono::microseconds(300));
                    --at.at(device);
                    ++done;
                    order.ended(*job);
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(done.load(), 60);
        QCOMPARE(most.load(), 1);
    }
};
GRADUS_SUITE(SlotsTest)
#include "slots_test.moc"
