// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_support.h"

#include <QCoreApplication>
#include <QProcess>

namespace gradus::tests {

spec::Experiment smallExperiment(const std::string& name)
{
    spec::Experiment experiment;
    experiment.experiment.name = name;
    return experiment;
}

std::int64_t addRun(store::StoreWriter& writer, const std::string& name)
{
    const spec::Experiment experiment = smallExperiment(name);
    return must(writer.addRuns(experiment, "# source\n", {{"", 1, experiment}})).front();
}

ChildResult runChild(const QStringList& arguments)
{
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), QStringList() << "--child" << arguments);
    if (!child.waitForFinished(60'000)) throw std::runtime_error("the child did not end");
    return {child.exitStatus() == QProcess::NormalExit ? child.exitCode() : -1, child.readAllStandardOutput()};
}

QByteArray killChildAfter(const QStringList& arguments, int lines)
{
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), QStringList() << "--child" << arguments);
    QByteArray output;
    while (output.count('\n') < lines) {
        if (!child.waitForReadyRead(30'000)) throw std::runtime_error("the child said nothing");
        output += child.readAllStandardOutput();
    }
    child.kill();
    child.waitForFinished(30'000);
    return output + child.readAllStandardOutput();
}

} // namespace gradus::tests
