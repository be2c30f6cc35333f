// SPDX-License-Identifier: GPL-3.0-or-later
// How far the people who judged this run's episodes agree, among each other and with the run.
#pragma once

#include "compare/people_agreement.h"

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace gradus::pages {

/// Hidden while nobody has judged. Names from the store are plain and visible. GUI thread only.
class AgreementPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit AgreementPanel(QWidget* parent = nullptr);

    /// isBlind: what others said is not told, not even in sum.
    void setAgreement(const compare::PeopleAgreement& agreement, bool isBlind);

private:
    void addFigure(const QString& name, const QString& objectName, const std::optional<Estimate>& figure,
                   const QString& tip);
    void addPerson(const compare::PersonStanding& person);

    QLabel* m_count;
    QVBoxLayout* m_lines;
};

} // namespace gradus::pages
