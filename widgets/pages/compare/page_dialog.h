// SPDX-License-Identifier: GPL-3.0-or-later
// Asks for what a page about the compared runs needs, has it made and offers it: report, forecast, beyond the judge,
// containment studies.
#pragma once

#include "viewmodels/page_maker.h"

#include <QDialog>
#include <QVector>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace gradus::pages {

/// What may be said to the verb besides the runs.
struct PageField
{
    QString option;  ///< "--hour-price"
    QString label;   ///< "Price of a device hour"
    QString value;   ///< at first; an empty field leaves the option out
    QString ifEmpty; ///< what an empty field means
};

/// A kind of page.
struct PageKind
{
    QString verb;  ///< of `gradus`; also the name of its file
    QString title; ///< "Forecast"
    QString about; ///< what the page says, a sentence or two
    QVector<PageField> fields = {};
    QString endings = {}; ///< of a file dialog
    bool countsUp = false;
};
/// In the order in which they are offered.
const QVector<PageKind>& pageKinds();

/// Not modal; the page is made while the dialog is closed as well. GUI thread.
class PageDialog final : public QDialog
{
    Q_OBJECT
public:
    PageDialog(const PageKind& kind, viewmodels::PageMaker& maker, QWidget* parent = nullptr);

    /// The runs that a page made from now on is about, in words and by UUID; options: of the comparison.
    void setRuns(const QString& words, const QString& store, const QStringList& runs, const QStringList& options);
    viewmodels::PageOrder order() const;

Q_SIGNALS:
    void said(const QString& sentence, bool isFailure);

private:
    void build();
    void buildFile(QVBoxLayout& column);
    void start();
    void ended(viewmodels::PageMaker::End end, const QString& words);
    void showProgress(int done, int all);
    void browse();
    void refresh();
    void showWords(const QString& words, const char* tone);

    PageKind m_kind;
    viewmodels::PageMaker& m_maker;
    QString m_store;
    QStringList m_runs;
    QStringList m_options;
    QString m_made; ///< the file that can be opened
    QVector<QLineEdit*> m_fields;
    QLabel* m_about = nullptr;
    QLineEdit* m_file = nullptr;
    QLabel* m_replaces = nullptr;
    QProgressBar* m_bar = nullptr;
    QLabel* m_words = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_write = nullptr;
};

} // namespace gradus::pages
