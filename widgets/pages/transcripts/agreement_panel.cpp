// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/agreement_panel.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr std::size_t kLongestName = 40; // bytes
constexpr std::size_t kMostPeople = 6;   // the command lists all
constexpr int kRowHeight = 22;

QString figureText(const std::optional<Estimate>& figure)
{
    if (!figure) return common::missingText();
    return QStringLiteral("%1  (%2 to %3)")
        .arg(common::numberText(figure->value, 2), common::numberText(figure->low, 2),
             common::numberText(figure->high, 2));
}

} // namespace

AgreementPanel::AgreementPanel(QWidget* parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("agreementPanel"));
    setProperty("panel", true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 6);
    column->setSpacing(0);
    column->addWidget(common::makeLine(Qt::Horizontal));
    QHBoxLayout* head = common::addBar(*column, 34);
    head->addWidget(common::makeLabel(tr("Agreement"), common::Type::SmallStrong));
    m_count = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_count->setObjectName(QStringLiteral("agreementCount"));
    m_count->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    head->addWidget(m_count, 1);
    m_lines = new QVBoxLayout;
    m_lines->setSpacing(0);
    column->addLayout(m_lines);
    hide();
}

void AgreementPanel::addFigure(const QString& name, const QString& objectName, const std::optional<Estimate>& figure,
                               const QString& tip)
{
    QHBoxLayout* row = common::addBar(*m_lines, kRowHeight);
    row->parentWidget()->setToolTip(tip);
    row->addWidget(common::makeLabel(name, common::Type::Small), 1);
    QLabel* value = common::makeLabel(figureText(figure), common::Type::Small);
    value->setObjectName(objectName);
    value->setFont(common::numericFont(common::Type::Small));
    row->addWidget(value);
}

void AgreementPanel::addPerson(const compare::PersonStanding& person)
{
    QHBoxLayout* row = common::addBar(*m_lines, kRowHeight);
    auto* name = new common::ElidedLabel(QString::fromStdString(visible(person.name, kLongestName)));
    name->setFont(common::typeFont(common::Type::Small));
    row->addWidget(name, 1);
    QString text = tr("%n judged", nullptr, static_cast<int>(person.episodes));
    if (person.withTheRun) text += tr(", %1 as the run").arg(common::percentText(person.withTheRun->value));
    QLabel* value = common::makeLabel(text, common::Type::Small, QStringLiteral("quiet"));
    value->setObjectName(QStringLiteral("agreementPerson"));
    if (person.sameInBoth)
        value->setToolTip(tr("Of %n pair(s) preferred in both orders, %1 with the same choice", nullptr,
                             static_cast<int>(person.pairs))
                              .arg(common::percentText(person.sameInBoth->value)));
    row->addWidget(value);
}

void AgreementPanel::setAgreement(const compare::PeopleAgreement& agreement, bool isBlind)
{
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    setVisible(!agreement.people.empty());
    if (agreement.people.empty()) return;
    const int people = static_cast<int>(agreement.people.size());
    const QString judged = common::groupedText(agreement.episodes);
    m_count->setText(people == 1 ? tr("%1 by one person").arg(judged) : tr("%1 by %2 people").arg(judged).arg(people));
    m_count->setToolTip(tr("%1 episodes judged, %2 of them by several")
                            .arg(common::groupedText(agreement.episodes), common::groupedText(agreement.shared)));
    if (isBlind) {
        common::addBar(*m_lines, kRowHeight)
            ->addWidget(
                common::makeLabel(tr("Not told while you judge blind"), common::Type::Small, QStringLiteral("quiet")));
        return;
    }
    addFigure(tr("Krippendorff's α"), QStringLiteral("agreementAlpha"), agreement.alpha,
              tr("1: the people always agree, 0: as by chance; over the %1 episodes that several judged; 95 % interval")
                  .arg(common::groupedText(agreement.shared)));
    addFigure(tr("Fleiss' κ"), QStringLiteral("agreementFleiss"), agreement.fleiss,
              tr("The same over the %1 episodes that everybody judged")
                  .arg(common::groupedText(agreement.fleiss ? agreement.fleiss->n : 0)));
    for (std::size_t i = 0; i < std::min(kMostPeople, agreement.people.size()); ++i)
        addPerson(agreement.people[i]);
    if (agreement.people.size() > kMostPeople)
        common::addBar(*m_lines, kRowHeight)
            ->addWidget(common::makeLabel(tr("%n more: gradus transcript agreement", nullptr,
                                             static_cast<int>(agreement.people.size() - kMostPeople)),
                                          common::Type::Small, QStringLiteral("quiet")));
}

} // namespace gradus::pages
