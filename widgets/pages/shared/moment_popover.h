// SPDX-License-Identifier: GPL-3.0-or-later
// What a click on a curve opens: the values of that moment, and the way to its transcripts.
#pragma once

#include <QFrame>
#include <QString>
#include <QVector>

#include <cstdint>
#include <utility>

class QComboBox;
class QFormLayout;
class QLabel;
class QPushButton;

namespace gradus::pages {

/// Whose transcripts of which generation belong to a moment.
struct MomentRun
{
    std::int64_t run = 0;
    int generation = 1;
    QString name; ///< in the list where there are several: "seed 2"
    bool hasEpisodes = true;
    QString uuid; ///< for the command that does the same
};

/// A point of a chart in words. All of it is shown as plain text.
struct Moment
{
    QString title;                             ///< "Step 300, generation 2"
    QVector<std::pair<QString, QString>> rows; ///< name, value
    QStringList sentences;                     ///< the event's, the controller's
    QVector<MomentRun> runs;                   ///< the one that was clicked first; none: nothing can be opened
};

/// Enter opens the transcripts, Escape or a click outside closes it. GUI thread.
class MomentPopover final : public QFrame
{
    Q_OBJECT
public:
    explicit MomentPopover(QWidget* parent);

    void openAt(const QPoint& globalPosition, const Moment& moment);
    const Moment& moment() const { return m_moment; }
    QPushButton* button() const { return m_open; }
    QComboBox* runs() const { return m_runs; }

Q_SIGNALS:
    void transcriptsRequested(qint64 run, int generation);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void activate();
    void refreshRun();

    Moment m_moment;
    QLabel* m_title;
    QFormLayout* m_rows;
    QLabel* m_sentences;
    QComboBox* m_runs;
    QPushButton* m_open;
    QLabel* m_command;
};

} // namespace gradus::pages
