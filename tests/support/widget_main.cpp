// SPDX-License-Identifier: GPL-3.0-or-later
// main of widget tests: a QApplication instead of the default QCoreApplication.
#include <QApplication>

namespace gradus::tests {
int runSuites(int argc, char** argv);
}

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    return gradus::tests::runSuites(argc, argv);
}
