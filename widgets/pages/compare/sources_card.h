// SPDX-License-Identifier: GPL-3.0-or-later
// Compare's map of a run's own sources: which run and generation, the map, and the file it goes to.
#pragma once

#include "common/job.h"
#include "compare/source_errors.h"
#include "pages/compare/curve_card.h"
#include "viewmodels/comparison.h"

#include <QWidget>

class QComboBox;
class QPushButton;

namespace gradus::common {
class CardFrame;
}

namespace gradus::pages {

class ErrorMap;

/// Reads votes off the GUI thread, and only while it is seen: a report of sources takes a second or so.
class SourcesCard final : public QWidget
{
    Q_OBJECT
public:
    explicit SourcesCard(common::ThemeController& theme, QWidget* parent = nullptr);

    void setData(const viewmodels::ComparedDataPtr& compared, const QVector<GroupLook>& looks, const QString& store);
    ErrorMap* map() const { return m_map; }
    QComboBox* runs() const { return m_run; }
    QString title() const; ///< "correlation of errors, fixed, seed 2, generation 3"
    bool isLoading() const { return m_job.isRunning(); }
    /// png, svg, pdf, csv or json by the ending. Bad input: another one, or nothing to write.
    Result<void> writeTo(const QString& file) const;

Q_SIGNALS:
    void said(const QString& sentence, bool isFailure);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void want();
    void read();
    void take(const Result<compare::SourceErrors>& found);
    void chooseExport();

    const common::ThemeController& m_theme;
    common::CardFrame* m_card;
    QComboBox* m_run;
    QComboBox* m_generation;
    QPushButton* m_export;
    ErrorMap* m_map;
    common::Job m_job;
    viewmodels::ComparedDataPtr m_data;
    QString m_store;
    bool m_isStale = false; ///< to be read when it is seen
};

} // namespace gradus::pages
