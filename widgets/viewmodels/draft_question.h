// SPDX-License-Identifier: GPL-3.0-or-later
// Asks a verb of `gradus` about a draft, so that the window and the command line say the same.
#pragma once

#include "viewmodels/launcher.h"

#include <QObject>
#include <QPointer>
#include <QProcess>
#include <QStringList>

#include <functional>
#include <string>

namespace gradus::viewmodels {

/// One question at a time: a newer one ends the older, whose answer nobody hears. The verb may write nothing, so that
/// it may end anywhere. GUI thread; nothing waits.
class DraftQuestion final : public QObject
{
    Q_OBJECT
public:
    /// json: what the verb reports; words: what it said besides, or why it could not be asked. Neither names the file
    /// that the draft was copied to.
    using Answer = std::function<void(const QByteArray& json, const QByteArray& words)>;

    explicit DraftQuestion(QObject* parent = nullptr) : QObject(parent) {}
    ~DraftQuestion() override;

    /// `gradus VERB… DRAFT OPTIONS… --store STORE --json` in the workspace.
    void ask(const LaunchPlace& place, const std::string& toml, const QStringList& verb, const QStringList& options,
             const Answer& answer);
    void abandon();
    bool isRunning() const { return m_process != nullptr; }

    /// One sentence for the window from what a verb said; otherwise: where it said nothing.
    static QString sentenceOf(const QByteArray& words, const QString& otherwise);

private:
    QPointer<QProcess> m_process;
};

} // namespace gradus::viewmodels
