// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"

#include <QCoreApplication>
#include <QTest>

#include <cstdio>
#include <vector>

namespace gradus::tests {

namespace {

std::vector<std::function<std::unique_ptr<QObject>()>>& suites()
{
    static std::vector<std::function<std::unique_ptr<QObject>()>> all;
    return all;
}

} // namespace

bool addSuite(std::function<std::unique_ptr<QObject>()> make)
{
    suites().push_back(std::move(make));
    return true;
}

unsigned long long propertySeed()
{
    static const unsigned long long seed = [] {
        const QByteArray text = qgetenv("GRADUS_SEED");
        const unsigned long long value = text.isEmpty() ? 20260101ULL : text.toULongLong();
        std::printf("property seed: %llu (set GRADUS_SEED to repeat)\n", value);
        return value;
    }();
    return seed;
}

int runSuites(int argc, char** argv)
{
    int failures = 0;
    for (const auto& make : suites()) {
        const std::unique_ptr<QObject> suite = make();
        failures += QTest::qExec(suite.get(), argc, argv);
    }
    if (suites().empty()) {
        std::fprintf(stderr, "no test class is registered in this executable\n");
        return 1;
    }
    return failures == 0 ? 0 : 1;
}

} // namespace gradus::tests

// Weak, so that a test of widgets can bring its own main with a QApplication.
__attribute__((weak)) int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    return gradus::tests::runSuites(argc, argv);
}
