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
      m_more(common::makeButton({}, QStringLiteral("link"))), m_buttons(new QHBoxLayout)
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
    m_more->setObjectName(QStringLiteral("nextFinding"));
    m_more->setToolTip(tr("What else there is to say of the draft"));
    connect(m_more, &QPushButton::clicked, this, &FindingStrip::showNext);
    connect(&theme, &common::ThemeController::changed, this, &FindingStrip::refresh);
    hide();
}

void FindingStrip::setFindings(const QVector<Finding>& findings)
{
    // Something new to say comes to the front; otherwise what is read stays where it is.
    const bool sameFirst =
        !findings.isEmpty() && !m_findings.isEmpty() && findings.first().sentence == m_findings.first().sentence;
    m_findings = findings;
    if (!sameFirst || m_shown >= findings.size()) m_shown = 0;
    rebuild();
}

void FindingStrip::showNext()
{
    if (m_findings.isEmpty()) return;
    m_shown = (m_shown + 1) % m_findings.size();
    rebuild();
}

void FindingStrip::rebuild()
{
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // one of them may be the sender
        delete item;
    }
    if (!m_findings.isEmpty())
        for (const FindingAction& action : m_findings.at(m_shown).actions) {
            QPushButton* button = common::makeButton(action.text, QStringLiteral("link"));
            connect(button, &QPushButton::clicked, this, [run = action.run] { run(); });
            m_buttons->addWidget(button);
            button->show(); // now, not when the layout comes to it
        }
    refresh();
    setVisible(!m_findings.isEmpty());
}

QString FindingStrip::sentence() const
{
    return m_findings.isEmpty() ? QString() : m_findings.at(m_shown).sentence;
}

void FindingStrip::refresh()
{
    if (m_findings.isEmpty()) return;
    const Finding& finding = m_findings.at(m_shown);
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
