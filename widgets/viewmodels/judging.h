// SPDX-License-Identifier: GPL-3.0-or-later
// What the person at the window says of episodes: written in a thread of its own, act by act, and every act undone.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QUndoStack>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace gradus::store {
class Judgements;
}

namespace gradus::viewmodels {

/// Each act is also a verb of `gradus transcript`. Made and called in the GUI thread; the store is written in another
/// one, in the order of the acts. Name and blind mode are remembered in the settings.
class Judging final : public QObject
{
    Q_OBJECT
public:
    explicit Judging(QObject* parent = nullptr);
    ~Judging() override; ///< waits for acts under way: none is lost

    void open(const QString& store); ///< empties the history; empty: no store

    const QString& person() const { return m_person; }
    void setPerson(const QString& name);
    /// Whoever judges blind sees nothing that others or machines said, nor which model it is, before the own verdict.
    bool isBlind() const { return m_blind; }
    void setBlind(bool blind);
    /// Why nothing can be judged now, one sentence; empty: it can.
    QString obstacle() const;
    bool isReadOnly() const { return !m_readOnly.isEmpty(); }

    /// Nothing: the verdict is withdrawn.
    void judge(std::int64_t episode, const std::optional<store::Judgement>& judgement);
    /// left was shown at the left. choice: "left", "right", "tie", or empty to withdraw.
    void prefer(std::int64_t left, std::int64_t right, const QString& choice);

    QUndoStack& history() { return m_history; }
    bool isBusy() const { return m_waiting > 0; } ///< acts that have not been answered yet

Q_SIGNALS:
    void done(qint64 episode); ///< the store was changed: look at it
    void failed(const QString& sentence);
    void changed(); ///< name, blind mode or obstacle

private:
    friend class JudgingAct;
    using Write = std::function<Result<void>(store::Judgements&)>;
    void apply(Write write, std::int64_t episode);
    void answered(const Result<void>& result, std::int64_t episode);

    QThreadPool m_thread; ///< of one thread
    QUndoStack m_history;
    QString m_store;
    QString m_person;
    QString m_readOnly; ///< why the store cannot be written
    bool m_blind = false;
    int m_waiting = 0;
};

} // namespace gradus::viewmodels
