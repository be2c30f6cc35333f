// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/smoothing_button.h"

#include "common/controls.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QSlider>
#include <QWidgetAction>

#include <cmath>

namespace gradus::pages {

using viewmodels::Smoothing;
using viewmodels::SmoothingKind;

SmoothingButton::SmoothingButton(const QString& unsmoothed, QWidget* parent)
    : QPushButton(parent), m_unsmoothed(unsmoothed)
{
    setObjectName(QStringLiteral("smoothing"));
    setAccessibleName(tr("Smoothing of the curves"));
    setToolTip(tr("How curves are smoothed; the values stay as they were logged"));
    auto* menu = new QMenu(this);
    setMenu(menu);
    m_kinds = new QActionGroup(this);
    const std::pair<SmoothingKind, QString> kinds[] = {
        {SmoothingKind::None, tr("Not smoothed")},
        {SmoothingKind::Ema, tr("Exponential moving average")},
        {SmoothingKind::TimeEma, tr("Exponential, weighted by the x axis")},
        {SmoothingKind::Gaussian, tr("Gaussian")},
        {SmoothingKind::Mean, tr("Running mean")},
        {SmoothingKind::Median, tr("Running median")},
    };
    for (const auto& [kind, name] : kinds) {
        QAction* action = menu->addAction(name);
        action->setCheckable(true);
        action->setData(static_cast<int>(kind));
        m_kinds->addAction(action);
    }
    menu->addSeparator();
    auto* holder = new QWidget(menu);
    auto* line = new QHBoxLayout(holder);
    line->setContentsMargins(12, 6, 12, 6);
    line->addWidget(common::makeLabel(tr("Strength"), common::Type::Small, QStringLiteral("quiet")));
    m_strength = new QSlider(Qt::Horizontal, holder);
    m_strength->setObjectName(QStringLiteral("smoothingStrength"));
    m_strength->setAccessibleName(tr("Strength of the smoothing"));
    m_strength->setRange(0, 100);
    m_strength->setPageStep(10);
    m_strength->setMinimumWidth(160);
    line->addWidget(m_strength, 1);
    auto* slider = new QWidgetAction(menu);
    slider->setDefaultWidget(holder);
    menu->addAction(slider);
    connect(m_kinds, &QActionGroup::triggered, this, [this](const QAction* action) {
        setSmoothing({static_cast<SmoothingKind>(action->data().toInt()), m_smoothing.strength});
    });
    connect(m_strength, &QSlider::valueChanged, this, [this](int value) {
        setSmoothing({m_smoothing.kind, double(value)});
    });
    refresh();
}

void SmoothingButton::setSmoothing(const Smoothing& smoothing)
{
    if (smoothing == m_smoothing) return;
    m_smoothing = smoothing;
    refresh();
    Q_EMIT smoothingChanged(m_smoothing);
}

void SmoothingButton::refresh()
{
    const QSignalBlocker quiet(m_strength);
    m_strength->setValue(static_cast<int>(std::lround(m_smoothing.strength)));
    m_strength->setEnabled(m_smoothing.kind != SmoothingKind::None);
    for (QAction* action : m_kinds->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(m_smoothing.kind));
    const QString stamp = viewmodels::stampOf(m_smoothing);
    setText(stamp.isEmpty() ? m_unsmoothed : stamp);
}

} // namespace gradus::pages
