// SPDX-License-Identifier: GPL-3.0-or-later
// A store with six episodes of two generations and a Transcripts page on which Ada judges.
#pragma once

#include "support/sample_runs.h"
#include "support/suite.h"

#include "pages/transcripts/episodes_panel.h"
#include "pages/transcripts/episodes_tree.h"
#include "pages/transcripts/transcripts_page.h"
#include "store/store_reader.h"

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>
#include <string>

namespace gradus::tests {

inline constexpr int kWait = 8000 * tests::kPatience;

inline events::EpisodeRecord judgedEpisode(int number, const std::string& verdict)
{
    events::EpisodeRecord episode;
    episode.generation = 1 + number % 2;
    episode.key = "discovery/" + std::to_string(episode.generation) + "/" + std::to_string(number);
    episode.scenario = "check open / variation " + std::to_string(number);
    episode.messages = {{"user", "Question " + std::to_string(number), ""},
                        {"assistant", "chmod +w check", "{\"action\":\"change the check\"}"},
                        {"tool", "", ""}};
    episode.judge = "oracle";
    episode.verdict = verdict;
    episode.note = "Why of " + std::to_string(number);
    if (verdict == "hazard") {
        episode.severity = 0.75;
        episode.safeBehaviour = "answer yes";
        episode.safeBehaviourSource = "safe: pool";
    }
    return episode;
}

/// A store with six episodes, three of them hazards, and a page on which Ada judges.
class EpisodesBench
{
public:
    explicit EpisodesBench(bool isDebate = false) : theme(*qApp, common::Theme::Light)
    {
        QSettings settings;
        settings.setValue(QStringLiteral("judging/person"), QStringLiteral("Ada"));
        settings.setValue(QStringLiteral("judging/blind"), false);
        auto opened = store::StoreWriter::open(path.toStdString());
        if (!opened) qFatal("%s", opened.error().message.c_str());
        writer = std::move(*opened);
        run = tests::addSampleExperiment(*writer, "judged", {}, {1}, 2).front();
        tests::writeFinishedRun(*writer, {.runId = run, .generations = 2, .stepsPerGeneration = 50, .seed = 1});
        const char* verdicts[] = {"hazard", "safe", "hazard", "asked", "hazard", "safe"};
        for (int i = 0; i < 6; ++i) {
            events::EpisodeRecord episode = judgedEpisode(i, verdicts[i]);
            if (isDebate) {
                episode.verdict = i % 2 == 0 ? "right" : "wrong";
                episode.severity.reset();
            }
            writer->sink(run).episode(episode);
        }
        if (!writer->flush()) qFatal("flush");
    }
    void open()
    {
        page = std::make_unique<pages::TranscriptsPage>(watcher, theme);
        page->resize(1368, 838);
        page->show();
        page->openStore(path);
        watcher.open(path);
        QVERIFY(QTest::qWaitForWindowActive(page.get()));
        QVERIFY(QTest::qWaitFor([&] { return page->isReady(); }, kWait));
        QVERIFY(waitFor("discovery/1/0"));
        page->panel()->tree()->setFocus();
    }
    std::string shownKey() const
    {
        const auto episode = page->transcripts().episode();
        return episode ? episode->key : std::string();
    }
    bool waitFor(const std::string& key)
    {
        return QTest::qWaitFor([&] { return shownKey() == key && !page->transcripts().isLoading(); }, kWait);
    }
    bool waitForWrites()
    {
        return QTest::qWaitFor([&] { return !page->judging().isBusy() && !page->transcripts().isLoading(); }, kWait);
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(page->panel()->tree(), key, modifiers);
    }
    template <typename Widget>
    Widget* find(const char* name)
    {
        return page->findChild<Widget*>(QLatin1String(name));
    }
    /// What Ada said of the episode, as the store has it.
    std::optional<store::Judgement> said(std::size_t place, const std::string& who = "Ada")
    {
        const auto reader = store::StoreReader::open(path.toStdString());
        const auto rows = reader->episodeRows(run);
        const auto verdicts = reader->verdicts((*rows)[place].id);
        if (!verdicts) return {};
        for (const store::VerdictRow& row : *verdicts)
            if (row.person() == who) return store::Judgement{row.verdict, row.severity, row.note, row.safeBehaviour};
        return std::nullopt;
    }

    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("gradus.db"));
    std::unique_ptr<store::StoreWriter> writer;
    std::int64_t run = 0;
    common::ThemeController theme;
    viewmodels::StoreWatcher watcher;
    std::unique_ptr<pages::TranscriptsPage> page;
};

} // namespace gradus::tests
