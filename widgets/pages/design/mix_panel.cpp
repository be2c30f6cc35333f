// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/mix_panel.h"

#include "base/text.h"
#include "common/controls.h"
#include "editor/lane_stack.h"
#include "editor/lane_view.h"
#include "pages/design/batch_view.h"
#include "pages/design/mix_area.h"
#include "pages/design/mix_limits_view.h"
#include "pages/design/number_field.h"
#include "pages/design/ternary_view.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr int kListWidth = 400;
constexpr int kSliderSteps = 1000;
constexpr int kAroundTitle = 16; ///< padding and border of a view's button, in pixels

QPixmap swatchOf(const QColor& colour, qreal ratio)
{
    QPixmap pixmap(QSize(10, 10) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(colour);
    return pixmap;
}

} // namespace

MixPanel::MixPanel(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_desk(document), m_theme(theme)
{
    setObjectName(QStringLiteral("mixPanel"));
    m_area = new MixArea(m_desk, theme);
    m_lanes = new editor::LaneStack(theme);
    m_ternary = new TernaryView(m_desk, theme);
    m_batch = new BatchView(m_desk);
    m_limitsView = new MixLimitsView(m_desk, m_limits);
    m_views = new QStackedWidget;
    for (QWidget* view : std::initializer_list<QWidget*>{m_area, m_lanes, m_ternary, m_batch, m_limitsView})
        m_views->addWidget(view);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(common::makeLine(Qt::Horizontal));
    m_body = new QWidget;
    auto* body = new QHBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(0);
    body->addWidget(makeList());
    body->addWidget(m_views, 1);
    column->addWidget(m_body, 1);
    connect(&m_desk, &viewmodels::MixDesk::sourcesChanged, this, &MixPanel::rebuild);
    connect(&m_desk, &viewmodels::MixDesk::mixChanged, this, &MixPanel::refresh);
    connect(&document, &viewmodels::ScheduleDocument::textChanged, this, &MixPanel::refreshLists);
    connect(&theme, &common::ThemeController::changed, this, &MixPanel::refresh);
    connect(&m_limits, &viewmodels::MixLimitsModel::limitsChanged, this, &MixPanel::refreshLimits);
    rebuild();
    refreshLists();
}

MixPanel::~MixPanel() = default;

QWidget* MixPanel::makeHeader()
{
    auto* header = new QFrame;
    header->setProperty("panel", true);
    header->setFixedHeight(35);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(8);
    row->addWidget(common::makeLabel(tr("Signal mix"), common::Type::SmallStrong));
    m_place = common::makeHint({}); // it gives way to the buttons; the playhead in the area says the same
    row->addWidget(m_place, 1);
    addSourceButtons(*row);
    addViews(*row);
    m_lists = new QComboBox;
    m_lists->setObjectName(QStringLiteral("mixLists"));
    m_lists->setAccessibleName(tr("Whose sources"));
    row->addWidget(m_lists);
    connect(m_lists, &QComboBox::activated, this,
            [this](int index) { m_desk.setList(static_cast<std::size_t>(index)); });
    return header;
}

void MixPanel::addViews(QHBoxLayout& row)
{
    m_viewButtons = new QButtonGroup(this);
    const std::pair<View, QString> views[] = {{View::Area, tr("Area")},
                                              {View::Lanes, tr("Lanes")},
                                              {View::Ternary, tr("Triangle")},
                                              {View::Batch, tr("Batch")},
                                              {View::Limits, tr("Limits")}};
    for (const auto& [view, title] : views) {
        auto* button = new QToolButton;
        button->setText(title);
        button->setCheckable(true);
        button->setObjectName(QStringLiteral("mixView%1").arg(static_cast<int>(view)));
        button->setAccessibleName(tr("Show the mix as: %1").arg(title));
        button->setMinimumWidth(button->fontMetrics().horizontalAdvance(title) + kAroundTitle);
        m_viewButtons->addButton(button, static_cast<int>(view));
        row.addWidget(button);
    }
    m_viewButtons->button(0)->setChecked(true);
    connect(m_viewButtons, &QButtonGroup::idClicked, m_views, &QStackedWidget::setCurrentIndex);
}

void MixPanel::showView(View view)
{
    m_views->setCurrentIndex(static_cast<int>(view));
    m_viewButtons->button(static_cast<int>(view))->setChecked(true);
}

QVector<editor::LaneView*> MixPanel::lanes() const
{
    return m_lanes->lanes();
}

/// The lanes go before the tracks they show: both are deleted in this order once the events of today are done.
void MixPanel::rebuildLanes()
{
    const auto gone = m_tracks;
    m_tracks.clear();
    QVector<viewmodels::CurveTrack*> shown;
    for (std::size_t i = 0; i < m_desk.count(); ++i) {
        auto* track = new viewmodels::WeightTrack(m_desk, i, this);
        connect(track, &viewmodels::CurveTrack::editRefused, &m_desk.document(),
                &viewmodels::ScheduleDocument::editRefused);
        m_tracks.append(track);
        shown.append(track);
    }
    constexpr int kAfterTheGap = 2;
    m_lanes->setTracks(shown, kAfterTheGap);
    for (viewmodels::WeightTrack* track : gone)
        track->deleteLater();
    Q_EMIT lanesChanged();
}

QWidget* MixPanel::makeList()
{
    m_rowsHolder = new QFrame;
    m_rowsHolder->setProperty("panel", true);
    m_rowsLayout = new QVBoxLayout(m_rowsHolder);
    m_rowsLayout->setContentsMargins(8, 4, 4, 4);
    m_rowsLayout->setSpacing(0);
    m_rowsLayout->setAlignment(Qt::AlignTop);
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFixedWidth(kListWidth);
    scroll->setFocusPolicy(Qt::NoFocus); // its rows have it
    scroll->setWidget(m_rowsHolder);
    return scroll;
}

void MixPanel::rebuild()
{
    for (const Row& row : m_rows) {
        row.frame->hide();
        row.frame->deleteLater(); // one of its own signals may be what brought us here
    }
    m_rows.clear();
    for (std::size_t i = 0; i < m_desk.count(); ++i) {
        m_rows.push_back(makeRow(i));
        connectRow(m_rows.back(), i);
        m_rowsLayout->addWidget(m_rows.back().frame);
    }
    rebuildLanes();
    fitHeight();
    refresh();
}

MixPanel::Row MixPanel::makeRow(std::size_t source)
{
    const spec::SignalSource& about = m_desk.sources()[source];
    const QString name = QString::fromStdString(about.name);
    Row row;
    row.frame = new QWidget;
    row.frame->setFixedHeight(28);
    auto* line = new QHBoxLayout(row.frame);
    line->setContentsMargins(4, 0, 4, 0);
    line->setSpacing(6);
    row.on = new QCheckBox;
    row.on->setObjectName(QStringLiteral("mixOn%1").arg(source));
    row.on->setAccessibleName(tr("Ask %1").arg(name));
    row.on->setFixedWidth(20); // no room for a text it does not have
    row.on->setToolTip(common::plainTooltip(tr("Ask this source")));
    row.swatch = new QLabel;
    auto* words = new common::ElidedLabel(name);
    auto* kind = common::makeLabel(QString::fromStdString(about.kind), common::Type::Small, QStringLiteral("quiet"));
    kind->setFixedWidth(58);
    row.share = new QSlider(Qt::Horizontal);
    row.share->setObjectName(QStringLiteral("mixShare%1").arg(source));
    row.share->setAccessibleName(tr("Share of %1").arg(name));
    row.share->setRange(0, kSliderSteps);
    row.share->setSingleStep(kSliderSteps / 100);
    row.share->setFixedWidth(64);
    row.field = new NumberField(tr("Share of %1").arg(name), 100, 1, QStringLiteral("%"));
    row.field->setObjectName(QStringLiteral("mixField%1").arg(source));
    row.field->setFixedWidth(66);
    row.lock = common::makeIconButton(common::Icon::Lock, tr("Keep the share of %1").arg(name));
    row.lock->setToolTip(common::plainTooltip(tr("Keep this source's share when others are changed")));
    row.lock->setObjectName(QStringLiteral("mixLock%1").arg(source));
    row.lock->setCheckable(true);
    line->addWidget(row.on);
    line->addWidget(row.swatch);
    line->addWidget(words, 1);
    line->addWidget(kind);
    line->addWidget(row.share);
    line->addWidget(row.field);
    line->addWidget(row.lock);
    return row;
}

void MixPanel::connectRow(const Row& row, std::size_t source)
{
    for (QObject* part : {static_cast<QObject*>(row.frame), static_cast<QObject*>(row.share)})
        part->installEventFilter(this);
    row.frame->setProperty("source", static_cast<int>(source));
    row.share->setProperty("source", static_cast<int>(source));
    connect(row.on, &QCheckBox::clicked, this, [this, source](bool on) {
        m_desk.setOn(source, on);
        refresh(); // a refused step leaves the box as the text says
    });
    connect(row.lock, &QToolButton::clicked, this, [this, source](bool on) { m_desk.setLocked(source, on); });
    connect(row.field, &NumberField::entered, this, [this, source](double share) { setShare(source, share); });
    // One drag of the slider is one step; while it lasts the mix is a preview.
    connect(row.share, &QSlider::valueChanged, this, [this, slider = row.share, source](int value) {
        if (m_refreshing) return;
        const double share = static_cast<double>(value) / kSliderSteps;
        if (!slider->isSliderDown()) return setShare(source, share);
        m_desk.preview(viewmodels::withShare(m_desk.committed(), source, m_desk.editPlace(), share));
    });
    connect(row.share, &QSlider::sliderReleased, this, [this] {
        if (m_desk.isPreviewing()) m_desk.commit(m_desk.mix(), tr("Change share"));
    });
}

void MixPanel::setShare(std::size_t source, double share)
{
    m_desk.select(source);
    m_desk.commit(viewmodels::withShare(m_desk.committed(), source, m_desk.editPlace(), share), tr("Change share"));
    refresh();
}

bool MixPanel::eventFilter(QObject* watched, QEvent* event)
{
    const QVariant source = watched->property("source");
    if (event->type() == QEvent::ContextMenu && source.isValid()) {
        showRowMenu(static_cast<std::size_t>(source.toInt()), static_cast<QContextMenuEvent*>(event)->globalPos());
        return true;
    }
    if (event->type() == QEvent::MouseButtonPress && source.isValid())
        m_desk.select(static_cast<std::size_t>(source.toInt()));
    auto* slider = qobject_cast<QSlider*>(watched);
    if (slider && event->type() == QEvent::KeyPress && slider->isSliderDown() &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        // The preview goes first: the release that follows has nothing to keep.
        m_desk.cancelPreview();
        slider->setSliderDown(false);
        refresh(); // puts the slider back
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void MixPanel::refresh()
{
    if (m_rows.size() != m_desk.count()) return; // rebuild() follows
    m_refreshing = true;
    const auto shares =
        m_desk.isEmpty() ? std::vector<double>{} : viewmodels::sharesAt(m_desk.mix(), m_desk.playhead());
    const bool open = m_desk.document().isValid();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows[i];
        const bool on = m_desk.isOn(i);
        const bool movable = open && !m_desk.isLocked(i);
        row.swatch->setPixmap(swatchOf(m_theme.tokens().seriesAt(static_cast<int>(i)).line, devicePixelRatioF()));
        row.on->setChecked(on);
        row.on->setEnabled(movable);
        if (!row.share->isSliderDown()) row.share->setValue(static_cast<int>(std::lround(shares[i] * kSliderSteps)));
        row.share->setEnabled(movable);
        row.field->setValue(shares[i]);
        row.field->setEnabled(movable);
        row.lock->setChecked(m_desk.isLocked(i));
        QFont font = common::typeFont(i == m_desk.selected() ? common::Type::BodyStrong : common::Type::Body);
        row.frame->findChild<common::ElidedLabel*>()->setFont(font);
    }
    const int generations = m_desk.generations();
    const double at = 2 + m_desk.playhead() * std::max(generations - 2, 0);
    m_add->setEnabled(open);
    m_whole->setEnabled(open);
    m_place->setFullText(m_desk.isEmpty() ? tr("one teacher, the generation before; add sources to mix them")
                                          : tr("generation %1").arg(at, 0, 'f', 1));
    m_place->setToolTip(
        tr("shares at %1 %, generation %2").arg(std::lround(100 * m_desk.playhead())).arg(at, 0, 'f', 1));
    m_refreshing = false;
    refreshLimits();
}

/// Where a limit is not kept: its row, and its band in the generations where it is so.
void MixPanel::refreshLimits()
{
    if (m_rows.size() != m_desk.count()) return; // rebuild() follows
    m_area->setViolations(m_limits.violations());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        QString reason;
        for (const spec::MixViolation& violation : m_limits.violations())
            if (violation.source == i) reason = QString::fromStdString(visible(violation.sentence, 600));
        auto* name = m_rows[i].frame->findChild<common::ElidedLabel*>();
        common::setStyleProperty(*name, "tone", reason.isEmpty() ? QString() : QStringLiteral("danger"));
        m_rows[i].frame->setToolTip(reason.isEmpty() ? QString() : common::plainTooltip(reason));
        m_rows[i].frame->setAccessibleDescription(reason);
    }
}

void MixPanel::refreshLists()
{
    const QSignalBlocker quiet(m_lists);
    m_lists->clear();
    for (const spec::SourceList& list : m_desk.document().sourceLists())
        m_lists->addItem(list.condition.empty() ? tr("All conditions") : QString::fromStdString(list.condition));
    m_lists->setCurrentIndex(static_cast<int>(m_desk.list()));
    m_lists->setVisible(m_lists->count() > 1 ||
                        (m_lists->count() == 1 && !m_desk.document().sourceLists().front().condition.empty()));
}

} // namespace gradus::pages
