// SPDX-License-Identifier: GPL-3.0-or-later
// The signal mix's sources come and go, and take whole mixes by name.
#include "common/controls.h"
#include "pages/design/mix_area.h"
#include "pages/design/mix_panel.h"

#include <QButtonGroup>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>

#include <functional>

namespace gradus::pages {

namespace {

constexpr int kHeaderHeight = 36;
constexpr int kLeastHeight = 160;

} // namespace

void MixPanel::addSourceButtons(QHBoxLayout& row)
{
    m_add = common::makeButton(tr("+ Source"), QStringLiteral("quiet"));
    m_add->setObjectName(QStringLiteral("addSource"));
    m_add->setAccessibleName(tr("Add a source"));
    auto* kinds = new QMenu(m_add);
    const std::pair<QString, QString> all[] = {
        {QStringLiteral("model"), tr("Model: an earlier generation")},
        {QStringLiteral("ensemble"), tr("Ensemble: the mean of earlier generations")},
        {QStringLiteral("persona"), tr("Persona: a model that is silent where it is unsure")},
        {QStringLiteral("truth"), tr("Truth")},
        {QStringLiteral("synthetic"), tr("Synthetic: truth with drawn errors")},
    };
    for (const auto& [kind, title] : all)
        kinds->addAction(title, this, [this, kind = kind] { addSource(kind); })->setObjectName(kind);
    kinds->addAction(tr("Human: people's answers from a file…"), this, &MixPanel::chooseAnswers);
    m_add->setMenu(kinds);
    m_whole = common::makeButton(tr("Whole mix"), QStringLiteral("quiet"));
    m_whole->setObjectName(QStringLiteral("mixPresets"));
    m_whole->setToolTip(tr("Replaces the weights of all sources that are not locked"));
    auto* presets = new QMenu(m_whole);
    const auto add = [this, presets](const QString& title, const std::function<viewmodels::Mix()>& made) {
        presets->addAction(title, this, [this, title, made] { m_desk.commit(made(), title); });
    };
    add(tr("Uniform"), [this] { return viewmodels::uniformMix(m_desk.committed()); });
    add(tr("Hand over, first to last"), [this] { return viewmodels::handedOver(m_desk.committed()); });
    add(tr("Alternate, one a generation"),
        [this] { return viewmodels::alternated(m_desk.committed(), m_desk.generations()); });
    m_whole->setMenu(presets);
    row.addWidget(m_add);
    row.addWidget(m_whole);
}

void MixPanel::addSource(const QString& kind, const QString& file)
{
    const std::size_t list = m_desk.isEmpty() ? 0 : m_desk.list();
    if (m_desk.document().addSource(list, kind.toStdString(), file.toStdString())) m_desk.select(m_desk.count() - 1);
}

void MixPanel::chooseAnswers()
{
    const QString file =
        QFileDialog::getOpenFileName(this, tr("People's answers"), {}, tr("Answers (*.csv *.jsonl);;All files (*)"));
    if (!file.isEmpty()) addSource(QStringLiteral("human"), file);
}

void MixPanel::showRowMenu(std::size_t source, const QPoint& at)
{
    m_desk.select(source);
    QMenu* menu = m_area->makeMenu(source, m_desk.playhead());
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(at);
}

void MixPanel::fitHeight()
{
    const bool empty = m_desk.isEmpty();
    m_body->setVisible(!empty);
    m_whole->setVisible(!empty);
    for (QAbstractButton* button : m_viewButtons->buttons())
        button->setVisible(!empty);
    setMinimumHeight(empty ? kHeaderHeight : kLeastHeight);
    setMaximumHeight(empty ? kHeaderHeight : QWIDGETSIZE_MAX);
    // A splitter asks a child without stretch for the height it had, even beyond its maximum.
    QSizePolicy policy = sizePolicy();
    policy.setVerticalStretch(empty ? 1 : 0);
    setSizePolicy(policy);
}

} // namespace gradus::pages
