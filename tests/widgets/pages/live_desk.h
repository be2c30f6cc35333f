// SPDX-License-Identifier: GPL-3.0-or-later
// Live on a running run, with the store's writer at hand: what a worker would say is said by the test.
#pragma once

#include "support/sample_runs.h"

#include "common/controls.h"
#include "events/run_commands.h"
#include "pages/live/live_page.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace gradus::tests {

/// Live on a running run that this very process works on.
struct LiveDesk
{
    explicit LiveDesk(common::Theme look = common::Theme::Light) : theme(*qApp, look)
    {
        auto opened = store::StoreWriter::open(folder.filePath("gradus.db").toStdString());
        if (!opened) qFatal("%s", opened.error().message.c_str());
        writer = std::move(*opened);
        run = addSampleExperiment(*writer, "asked", {}, {1}).front();
        writeRunningRun(*writer, {.runId = run}, 0.5);
        beat();
        QObject::connect(&watcher, &viewmodels::StoreWatcher::runsChanged, &model, &viewmodels::RunsModel::setRows);
        page = std::make_unique<pages::LivePage>(watcher, model, theme);
        page->resize(1300, 800);
        page->show();
        watcher.open(folder.filePath("gradus.db"));
        page->showRun(run);
    }
    /// A sign of life, so that the chip does not say that there is none.
    void beat()
    {
        writer->sink(run).progress({.fraction = 0.5, .activity = "training", .step = 800});
        writer->flush().ok();
    }
    void answer(const char* kind, std::int64_t id, const char* verb, const std::string& sentence)
    {
        writer->sink(run).event(events::commandEvent(kind, {.id = id, .verb = verb}, 2, 800, sentence));
        beat();
    }
    template <typename Widget>
    Widget* find(const char* name) const
    {
        return page->findChild<Widget*>(QLatin1String(name));
    }
    QString text(const char* name) const
    {
        const auto* label = find<QLabel>(name);
        if (const auto* elided = dynamic_cast<const common::ElidedLabel*>(label)) return elided->fullText();
        return label->text();
    }
    void click(const char* name) const { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }
    bool hears() const { return page->run().hasRun(); }

    QTemporaryDir folder;
    std::unique_ptr<store::StoreWriter> writer;
    std::int64_t run = 0;
    common::ThemeController theme;
    viewmodels::StoreWatcher watcher;
    viewmodels::RunsModel model;
    std::unique_ptr<pages::LivePage> page;
};

} // namespace gradus::tests
