// SPDX-License-Identifier: GPL-3.0-or-later
// Below the list of runs: the tags of those that are chosen, and the note of one, edited in place.
#pragma once

#include "common/theme.h"
#include "store/records.h"

#include <QFrame>
#include <QStringList>
#include <QVector>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QStringListModel;

namespace gradus::pages {

class TagStrip;

/// Says what the user wants by signals; what it shows changes when the store says so. GUI thread only.
class RunMarksBar final : public QFrame
{
    Q_OBJECT
public:
    explicit RunMarksBar(const common::ThemeController& theme, QWidget* parent = nullptr);

    /// The runs that are chosen; a note that is being written stays as it is typed.
    void setRuns(const QVector<store::RunRow>& runs, const QStringList& knownTags);
    void setReadOnly(bool readOnly); ///< nothing may be said in this store
    QLineEdit* tagField() const { return m_tag; }
    QPlainTextEdit* noteField() const { return m_note; }
    TagStrip* strip() const { return m_strip; }

Q_SIGNALS:
    void tagsRequested(const QStringList& add, const QStringList& remove); ///< of all chosen runs
    void noteRequested(qint64 run, const QString& note);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addTyped();
    void sendNote();

    QLabel* m_whose;
    TagStrip* m_strip;
    QLineEdit* m_tag;
    QStringListModel* m_known;
    QPlainTextEdit* m_note;
    QVector<qint64> m_runs;
    QString m_saved; ///< the note as the store has it
    bool m_readOnly = false;
};

/// Tags as buttons in as many rows as they need. A press on one asks to take it away.
class TagStrip final : public QWidget
{
    Q_OBJECT
public:
    struct Tag
    {
        QString name; ///< untrusted
        int runs = 1; ///< that have it
    };
    explicit TagStrip(const common::ThemeController& theme, QWidget* parent = nullptr);
    void setTags(const QVector<Tag>& tags, int ofRuns, bool readOnly);

Q_SIGNALS:
    void pressed(const QString& name);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    const common::ThemeController& m_theme;
    QVector<QWidget*> m_buttons;
};

} // namespace gradus::pages
