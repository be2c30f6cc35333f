// SPDX-License-Identifier: GPL-3.0-or-later
// A store with two sweeps and a Compare page that follows it.
#pragma once

#include "support/sample_runs.h"
#include "support/suite.h"

#include "pages/compare/choice_panel.h"
#include "pages/compare/compare_page.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>

#include <cstdint>
#include <memory>
#include <vector>

namespace gradus::tests {

inline constexpr int kWait = 8000 * tests::kPatience;

/// A store with two sweeps and a page that follows it.
class CompareBench
{
public:
    CompareBench() : theme(*qApp, common::Theme::Light), page(watcher, theme)
    {
        auto opened = store::StoreWriter::open(folder.filePath("gradus.db").toStdString());
        if (!opened) qFatal("%s", opened.error().message.c_str());
        writer = std::move(*opened);
        older = tests::addSampleExperiment(*writer, "older", {}, {1, 2}, 2);
        for (std::size_t i = 0; i < older.size(); ++i)
            tests::writeFinishedRun(*writer,
                                    {.runId = older[i], .generations = 2, .stepsPerGeneration = 100, .seed = 9});
        ids = tests::addSampleExperiment(*writer, "gap annealing", {"fixed", "schedule"}, {1, 2, 3}, 3);
        for (std::size_t i = 0; i < ids.size(); ++i)
            tests::writeFinishedRun(*writer, {.runId = ids[i],
                                              .generations = 3,
                                              .stepsPerGeneration = 100,
                                              .seed = static_cast<std::int64_t>(i + 1)});
        if (!writer->flush()) qFatal("flush");
        page.resize(1368, 838);
        page.openStore(folder.filePath("gradus.db"));
        watcher.open(folder.filePath("gradus.db"));
    }

    bool settle(std::size_t runs)
    {
        return QTest::qWaitFor([&] { return page.isReady() && page.comparison().data().runs.size() == runs; }, kWait);
    }
    QModelIndex groupNamed(const QString& name)
    {
        for (int row = 0; row < page.choice().rowCount(); ++row)
            if (page.choice().index(row, 0).data().toString() == name) return page.choice().index(row, 0);
        return {};
    }

    QTemporaryDir folder;
    std::unique_ptr<store::StoreWriter> writer;
    std::vector<std::int64_t> older, ids;
    common::ThemeController theme;
    viewmodels::StoreWatcher watcher;
    pages::ComparePage page;
};

} // namespace gradus::tests
