// SPDX-License-Identifier: GPL-3.0-or-later
// The button of the pages that are written about the compared runs, a dialog each.
#pragma once

#include "viewmodels/page_maker.h"

#include <QHash>
#include <QPushButton>

#include <functional>

namespace gradus::pages {

class PageDialog;

/// What is compared, for a page about it.
struct PageSubject
{
    QString words; ///< "30 runs in 6 conditions of gap annealing"
    QString store;
    QStringList runs;          ///< UUIDs; none: there is nothing to write about
    QStringList reportOptions; ///< what a report holds the conditions against
};

/// GUI thread only.
class PageMenu final : public QPushButton
{
    Q_OBJECT
public:
    explicit PageMenu(std::function<PageSubject()> subject, QWidget* parent = nullptr);

    void setPlace(const viewmodels::LaunchPlace& place);
    /// Opens the dialog of the page of this verb on what is compared now; one whose page is being made stays as it is.
    void open(const QString& verb);

Q_SIGNALS:
    void said(const QString& sentence, bool isFailure);

private:
    struct Kind
    {
        viewmodels::PageMaker* maker = nullptr;
        PageDialog* dialog = nullptr; ///< made when first asked for
    };

    std::function<PageSubject()> m_subject;
    QHash<QString, Kind> m_kinds; ///< by verb
};

} // namespace gradus::pages
