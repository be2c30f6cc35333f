// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/finding_strip.h"

#include "common/controls.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace gradus::pages {

namespace {

constexpr int kHeight = 34;

} // namespace

FindingStrip::FindingStrip(const common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_icon(new QLabel), m_sentence(new common::ElidedLabel),
      m_more(common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"))), m_buttons(new QHBoxLayout)
{
    setObjectName(QStringLiteral("findingStrip"));
    setFixedHeight(kHeight);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(8);
    m_icon->setFixedSize(16, 16);
    m_buttons->setSpacing(6);
    row->addWidget(m_icon);
    row->addWidget(m_sentence, 1);
    row->addLayout(m_buttons);
    row->addWidget(m_more);
    connect(&theme, &common::ThemeController::changed, this, &FindingStrip::refresh);
    hide();
}

void FindingStrip::setFindings(const QVector<Finding>& findings)
{
    m_findings = findings;
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // one of them may be the sender
        delete item;
    }
    if (!findings.isEmpty())
        for (const FindingAction& action : findings.first().actions) {
            QPushButton* button = common::makeButton(action.text, QStringLiteral("link"));
            connect(button, &QPushButton::clicked, this, [run = action.run] { run(); });
            m_buttons->addWidget(button);
        }
    refresh();
    setVisible(!findings.isEmpty());
}

QString FindingStrip::sentence() const
{
    return m_findings.isEmpty() ? QString() : m_findings.first().sentence;
}

void FindingStrip::refresh()
{
    if (m_findings.isEmpty()) return;
    const Finding& finding = m_findings.first();
    const common::Tokens& t = m_theme.tokens();
    const bool danger = finding.tone == QLatin1String("danger");
    const bool ok = finding.tone == QLatin1String("ok");
    const common::Icon icon = danger ? common::Icon::CrossCircle
                              : ok   ? common::Icon::TickCircle
                                     : common::Icon::TriangleWarning;
    m_icon->setPixmap(common::iconPixmap(icon, danger ? t.danger : ok ? t.ok : t.warn, 16, devicePixelRatioF()));
    common::setStyleProperty(*this, "panel", ok);
    common::setStyleProperty(*this, "bar", ok ? QString() : finding.tone);
    m_sentence->setFullText(finding.sentence);
    setAccessibleName(finding.sentence);
    const auto others = m_findings.size() - 1;
    m_more->setText(others == 1 ? tr("1 more") : tr("%1 more").arg(others));
    m_more->setVisible(others > 0);
}

} // namespace gradus::pages
