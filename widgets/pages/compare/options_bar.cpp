// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/options_bar.h"

#include "common/controls.h"
#include "pages/shared/smoothing_button.h"

#include <QComboBox>
#include <QGridLayout>
#include <QSignalBlocker>

#include <algorithm>
#include <array>

namespace gradus::pages {

namespace {

// In the order of the combo boxes' entries.
constexpr std::array kCentres{compare::Centre::Mean, compare::Centre::Median, compare::Centre::InterquartileMean};
constexpr std::array kBands{compare::Band::StudentT, compare::Band::Bootstrap, compare::Band::Range,
                            compare::Band::None};
constexpr std::array kAlignments{viewmodels::Alignment::Step, viewmodels::Alignment::ShareOfRun,
                                 viewmodels::Alignment::Generation};

template <typename Values, typename Value>
int placeOf(const Values& values, Value value)
{
    return static_cast<int>(std::find(values.begin(), values.end(), value) - values.begin());
}

template <typename Values>
auto chosen(const QComboBox& box, const Values& values)
{
    return values[static_cast<std::size_t>(std::max(0, box.currentIndex()))];
}

} // namespace

OptionsBar::OptionsBar(QWidget* parent) : QFrame(parent), m_grid(new QGridLayout(this))
{
    setProperty("panel", true);
    m_grid->setContentsMargins(12, 6, 12, 8);
    m_grid->setHorizontalSpacing(10);
    m_grid->setVerticalSpacing(2);
    m_centre = add("centre", tr("Over seeds"), {tr("mean"), tr("median"), tr("interquartile mean")});
    m_band = add("band", tr("Band"), {tr("95 % CI, t"), tr("95 % CI, bootstrap"), tr("lowest to highest"), tr("none")});
    m_alignment = add("alignment", tr("Align x"), {tr("training step"), tr("% of run"), tr("generation")});
    m_smoothing = new SmoothingButton(tr("none"));
    m_smoothing->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed); // as wide as its neighbours
    place(m_smoothing, tr("Smoothing"));
    connect(m_smoothing, &SmoothingButton::smoothingChanged, this, &OptionsBar::changed);
    m_baseline = add("baseline", tr("Baseline"), {});
    m_baseline->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_grid->setColumnStretch(m_grid->columnCount() - 1, 2);
}

QComboBox* OptionsBar::add(const char* name, const QString& caption, const QStringList& entries)
{
    auto* box = new QComboBox;
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(caption);
    box->addItems(entries);
    place(box, caption);
    connect(box, &QComboBox::currentIndexChanged, this, &OptionsBar::changed);
    return box;
}

void OptionsBar::place(QWidget* control, const QString& caption)
{
    const int column = m_grid->count() / 2;
    m_grid->addWidget(common::makeLabel(caption, common::Type::Chart, QStringLiteral("quiet")), 0, column);
    m_grid->addWidget(control, 1, column);
    m_grid->setColumnStretch(column, 1);
}

viewmodels::CurveOptions OptionsBar::options() const
{
    viewmodels::CurveOptions options;
    options.centre = chosen(*m_centre, kCentres);
    options.band = chosen(*m_band, kBands);
    // A t interval is one of the mean: the others get the interval that they have, and the bar says so.
    if (!compare::fits(options.band, options.centre)) options.band = compare::Band::Bootstrap;
    options.alignment = chosen(*m_alignment, kAlignments);
    options.smoothing = m_smoothing->smoothing();
    options.baseline = m_keys.size() < 2 ? -1 : m_baseline->currentIndex();
    return options;
}

void OptionsBar::setGroups(const QStringList& names, const QStringList& keys)
{
    const QString kept = m_keys.value(m_baseline->currentIndex());
    m_keys = keys;
    const QSignalBlocker blocker(m_baseline);
    m_baseline->clear();
    m_baseline->addItems(names);
    m_baseline->setCurrentIndex(std::max<int>(0, static_cast<int>(keys.indexOf(kept))));
    m_baseline->setEnabled(names.size() > 1);
    m_baseline->setToolTip(names.size() > 1 ? QString() : tr("A baseline needs two groups or more"));
}

void OptionsBar::setOptions(const viewmodels::CurveOptions& options)
{
    {
        const QSignalBlocker centre(m_centre);
        const QSignalBlocker band(m_band);
        const QSignalBlocker alignment(m_alignment);
        const QSignalBlocker smoothing(m_smoothing);
        m_centre->setCurrentIndex(placeOf(kCentres, options.centre));
        m_band->setCurrentIndex(placeOf(kBands, options.band));
        m_alignment->setCurrentIndex(placeOf(kAlignments, options.alignment));
        m_smoothing->setSmoothing(options.smoothing);
    }
    Q_EMIT changed();
}

void OptionsBar::setBaseline(int group)
{
    if (group >= 0 && group < m_keys.size()) m_baseline->setCurrentIndex(group);
}

} // namespace gradus::pages
