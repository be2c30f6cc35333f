// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/preset_popover.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/theme.h"
#include "editor/curve_thumbnail.h"
#include "viewmodels/preset_titles.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

using schedule::Preset;

namespace {

constexpr QSize kThumbnail{46, 30};
constexpr QSize kListSize{420, 320};
constexpr int kIndexRole = Qt::UserRole;       ///< below kOwn: a built-in preset; from kOwn on: the desk's
constexpr int kNameRole = Qt::UserRole + 1;    ///< what the search looks at
constexpr int kProblemRole = Qt::UserRole + 2; ///< why it cannot be used
constexpr int kOwn = 1000;

/// "gap.curve" of the gap's lane, the key of a drawn number; sources' names are of one experiment and are left out.
std::string drawnFor(const viewmodels::CurveTrack& track)
{
    constexpr std::string_view kSetting = "setting/";
    const std::string series = track.storedAs();
    if (series.empty()) return "gap.curve";
    return series.starts_with(kSetting) ? series.substr(kSetting.size()) : std::string("weight of a source");
}

} // namespace

PresetPopover::PresetPopover(viewmodels::CurveTrack& track, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_track(track), m_search(new QLineEdit), m_list(new QListWidget),
      m_stretch(new QCheckBox(tr("Between the curve's own lowest and highest value"))), m_name(new QLineEdit),
      m_said(new common::ElidedLabel), m_back(common::makeButton({}, QStringLiteral("link"))),
      m_replace(common::makeButton(tr("Replace it"), QStringLiteral("link")))
{
    setObjectName(QStringLiteral("presetPopover"));
    setProperty("panel", true);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Presets"));
    m_search->setObjectName(QStringLiteral("presetSearch"));
    m_search->setAccessibleName(tr("Find a preset"));
    m_search->setPlaceholderText(tr("Find a preset"));
    m_search->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("presetList"));
    m_list->setAccessibleName(tr("Presets"));
    m_list->setIconSize(kThumbnail);
    m_list->setMouseTracking(true);
    m_list->setFixedSize(kListSize);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->installEventFilter(this);
    m_stretch->setObjectName(QStringLiteral("presetStretch"));
    m_stretch->setToolTip(tr("A saved preset keeps its shape and takes the height of the curve in the lane"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(6);
    column->addWidget(m_search);
    column->addWidget(m_list);
    column->addWidget(m_stretch);
    makeActs(*column);
    connect(m_search, &QLineEdit::textEdited, this, &PresetPopover::filter);
    // The pointer only looks: on its way to a button it must not choose another preset.
    connect(m_list, &QListWidget::itemEntered, this, &PresetPopover::show);
    connect(m_list, &QListWidget::currentItemChanged, this, &PresetPopover::showCurrent);
    connect(m_list, &QListWidget::itemDoubleClicked, this, &PresetPopover::keep);
    connect(m_stretch, &QCheckBox::toggled, this, &PresetPopover::showCurrent);
    connect(&m_desk, &viewmodels::PresetDesk::changed, this, [this] {
        if (!m_desk.isBusy()) fill();
        refreshActs();
    });
    connect(&m_desk, &viewmodels::PresetDesk::said, this, &PresetPopover::say);
}

void PresetPopover::makeActs(QVBoxLayout& column)
{
    column.addWidget(common::makeLine(Qt::Horizontal));
    m_name->setObjectName(QStringLiteral("presetName"));
    m_name->setAccessibleName(tr("Name of a preset"));
    m_name->setPlaceholderText(tr("Name"));
    m_name->setMaxLength(static_cast<int>(spec::kLongestPresetName));
    m_name->installEventFilter(this);
    auto* naming = new QHBoxLayout;
    auto* acting = new QHBoxLayout;
    const auto add = [this](QHBoxLayout& row, const char* name, const QString& text, auto act) {
        QPushButton* button = common::makeButton(text);
        button->setObjectName(QString::fromLatin1(name));
        connect(button, &QPushButton::clicked, this, act);
        row.addWidget(button);
        return button;
    };
    naming->addWidget(m_name, 1);
    m_save = add(*naming, "presetSave", tr("Save this curve"), [this] { save(false); });
    m_rename = add(*naming, "presetRename", tr("Rename"), [this] {
        if (chosen()) m_desk.rename(QString::fromStdString(chosen()->name), m_name->text().trimmed());
    });
    m_use = add(*acting, "presetUse", tr("Use"), [this] { keep(); });
    m_use->setProperty("role", QStringLiteral("primary"));
    m_remove = add(*acting, "presetRemove", tr("Remove"), [this] {
        if (chosen()) m_desk.remove(QString::fromStdString(chosen()->name));
    });
    m_export = add(*acting, "presetExport", tr("Export…"), [this] { exportToFile(); });
    m_import = add(*acting, "presetImport", tr("Import…"), [this] { importFromFile(); });
    acting->addStretch(1);
    column.addLayout(naming);
    column.addLayout(acting);
    auto* foot = new QHBoxLayout;
    m_said->setObjectName(QStringLiteral("presetSaid"));
    m_said->setFont(common::typeFont(common::Type::Small));
    m_back->setObjectName(QStringLiteral("presetBack"));
    m_replace->setObjectName(QStringLiteral("presetReplace"));
    m_replace->hide();
    foot->addWidget(m_said, 1);
    foot->addWidget(m_replace);
    foot->addWidget(m_back);
    column.addLayout(foot);
    connect(m_back, &QPushButton::clicked, this, [this] { m_desk.restore(m_desk.lastRemoved()); });
    connect(m_replace, &QPushButton::clicked, this, [this] { save(true); });
    connect(m_name, &QLineEdit::textEdited, this, [this] {
        m_replace->hide();
        refreshActs();
    });
}

void PresetPopover::openBelow(const QWidget& anchor)
{
    m_base = m_track.committedCurve();
    m_search->clear();
    m_name->clear();
    say({}, false);
    fill();
    refreshActs();
    adjustSize();
    QPoint place = anchor.mapToGlobal(QPoint(0, anchor.height()));
    if (const QScreen* around = parentWidget()->screen()) {
        const QRect room = around->availableGeometry();
        place.setX(std::clamp(place.x(), room.left(), std::max(room.left(), room.right() - width())));
        place.setY(std::clamp(place.y(), room.top(), std::max(room.top(), room.bottom() - height())));
    }
    move(place);
    QFrame::show();
    m_search->setFocus();
    m_desk.refresh();
}

void PresetPopover::addHeading(const QString& text)
{
    auto* item = new QListWidgetItem(text, m_list);
    item->setFlags(Qt::NoItemFlags);
    item->setFont(common::typeFont(common::Type::SmallStrong));
}

void PresetPopover::addRow(const QString& name, const schedule::Curve& curve, int index)
{
    const QPixmap picture = editor::curveThumbnail(curve, schedule::extentOf(curve), kThumbnail,
                                                   palette().color(QPalette::Text), devicePixelRatioF());
    auto* item = new QListWidgetItem(QIcon(picture), name, m_list);
    item->setToolTip(common::plainTooltip(name));
    item->setData(kIndexRole, index);
    item->setData(kNameRole, name);
}

/// Shown and left alone: nothing here changes the file.
void PresetPopover::addBroken(const spec::ListedPreset& preset)
{
    const QString name = QString::fromStdString(visible(preset.name, 80));
    const QString problem = QString::fromStdString(visible(preset.problem, 600));
    auto* item = new QListWidgetItem(name + QStringLiteral(": ") + problem, m_list);
    item->setFlags(Qt::ItemIsEnabled); // read, not chosen
    item->setForeground(palette().color(QPalette::BrightText));
    item->setToolTip(common::plainTooltip(problem));
    item->setData(kNameRole, name);
    item->setData(kProblemRole, problem);
}

void PresetPopover::fill()
{
    const QString current = m_list->currentItem() ? m_list->currentItem()->data(kNameRole).toString() : QString();
    m_list->clear();
    addHeading(tr("Saved"));
    for (std::size_t i = 0; i < m_desk.presets().size(); ++i) {
        const spec::ListedPreset& own = m_desk.presets()[i];
        if (own.preset)
            addRow(QString::fromStdString(own.name), own.preset->curve, kOwn + static_cast<int>(i));
        else
            addBroken(own);
    }
    if (m_desk.presets().empty())
        addHeading(m_desk.isBusy() ? tr("Reading…") : tr("None yet: name this curve below and save it"));
    addHeading(tr("Built-in"));
    for (const schedule::NamedPreset& known : schedule::builtInPresets())
        addRow(viewmodels::titleOf(known.preset), schedule::presetCurve(known.preset, 0.3, 0.9),
               static_cast<int>(known.preset));
    filter();
    for (int row = 0; row < m_list->count() && !current.isEmpty(); ++row)
        if (m_list->item(row)->data(kNameRole).toString() == current) m_list->setCurrentRow(row);
    refreshActs();
}

void PresetPopover::filter()
{
    const QString wanted = m_search->text().trimmed();
    int first = -1;
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem* item = m_list->item(row);
        const QString name = item->data(kNameRole).toString();
        item->setHidden(!wanted.isEmpty() && !name.contains(wanted, Qt::CaseInsensitive));
        if (first < 0 && !item->isHidden() && item->data(kIndexRole).isValid()) first = row;
    }
    if (!wanted.isEmpty()) m_list->setCurrentRow(first);
}

const spec::ListedPreset* PresetPopover::ownOf(const QListWidgetItem* item) const
{
    const int index = item && item->data(kIndexRole).isValid() ? item->data(kIndexRole).toInt() - kOwn : -1;
    const bool own = index >= 0 && index < static_cast<int>(m_desk.presets().size());
    return own ? &m_desk.presets()[static_cast<std::size_t>(index)] : nullptr;
}

const spec::ListedPreset* PresetPopover::chosen() const
{
    return ownOf(m_list->currentItem());
}

Result<schedule::Curve> PresetPopover::curveOf(const QListWidgetItem& item) const
{
    const spec::ListedPreset* own = ownOf(&item);
    if (!own) {
        const auto preset = static_cast<Preset>(item.data(kIndexRole).toInt());
        return schedule::presetCurve(preset, m_base.keys.front().y, m_base.keys.back().y);
    }
    const schedule::Curve& saved = own->preset->curve;
    if (m_stretch->isChecked()) return schedule::stretchedTo(saved, schedule::extentOf(m_base));
    const schedule::Extent extent = schedule::extentOf(saved);
    const viewmodels::LaneBounds& bounds = m_track.bounds();
    if (extent.low >= bounds.minimumY && extent.high <= bounds.maximumY) return saved;
    return badInput(tr("This preset runs from %1 to %2, and the lane takes %3 to %4: tick the box to fit it in.")
                        .arg(extent.low)
                        .arg(extent.high)
                        .arg(bounds.minimumY)
                        .arg(bounds.maximumY)
                        .toStdString());
}

/// In the lane and everything that follows from it, until it is kept or left.
void PresetPopover::show(const QListWidgetItem* item)
{
    if (!isVisible() || !m_track.isEditable()) return;
    if (!item || !item->data(kIndexRole).isValid()) return m_track.cancelPreview();
    const auto curve = curveOf(*item);
    say(curve ? QString() : QString::fromStdString(curve.error().message), !curve);
    curve ? m_track.preview(*curve) : m_track.cancelPreview();
}

void PresetPopover::showCurrent()
{
    const auto& all = m_desk.presets();
    const std::string name = m_name->text().toStdString();
    const bool isFree = std::none_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    // A name that somebody typed for a new preset stays.
    if (chosen() && (name.empty() || !isFree)) m_name->setText(QString::fromStdString(chosen()->name));
    show(m_list->currentItem());
    refreshActs();
}

void PresetPopover::keep()
{
    const QListWidgetItem* item = m_list->currentItem();
    if (!item || !item->data(kIndexRole).isValid()) return;
    const auto curve = curveOf(*item);
    if (!curve) return say(QString::fromStdString(curve.error().message), true);
    const auto done = m_track.setCurve(*curve, tr("Preset"));
    if (!done) return say(QString::fromStdString(done.error().message), true);
    hide();
    Q_EMIT kept();
}

void PresetPopover::refreshActs()
{
    const bool free = !m_desk.isBusy();
    const bool named = !m_name->text().trimmed().isEmpty();
    m_use->setEnabled(m_track.isEditable() && m_list->currentItem() &&
                      m_list->currentItem()->data(kIndexRole).isValid());
    m_save->setEnabled(free && named);
    m_rename->setEnabled(free && named && chosen() && m_name->text().trimmed().toStdString() != chosen()->name);
    m_remove->setEnabled(free && chosen());
    m_export->setEnabled(free && chosen());
    m_import->setEnabled(free);
    m_back->setEnabled(free);
    m_back->setVisible(!m_desk.lastRemoved().isEmpty());
    m_back->setText(tr("Bring back the removed one"));
    m_back->setToolTip(common::plainTooltip(m_desk.lastRemoved()));
}

void PresetPopover::say(const QString& sentence, bool failed)
{
    m_said->setFullText(sentence);
    common::setStyleProperty(*m_said, "tone", failed ? QStringLiteral("danger") : QStringLiteral("quiet"));
    const std::string name = m_name->text().trimmed().toStdString();
    const auto& all = m_desk.presets();
    const bool taken = std::any_of(all.begin(), all.end(),
                                   [&](const spec::ListedPreset& one) { return one.preset && one.name == name; });
    m_replace->setVisible(failed && taken && m_name->hasFocus());
}

/// The curve in the lane, not the one that is tried.
void PresetPopover::save(bool replace)
{
    m_replace->hide();
    m_name->setFocus();
    m_desk.save({m_name->text().trimmed().toStdString(), drawnFor(m_track), m_track.committedCurve()}, replace);
}

void PresetPopover::importFromFile()
{
    const QString file =
        QFileDialog::getOpenFileName(parentWidget(), tr("Import a preset"), {}, tr("Presets (*.toml);;All files (*)"));
    if (!file.isEmpty()) m_desk.importFile(file);
}

void PresetPopover::exportToFile()
{
    if (!chosen()) return;
    const QString name = QString::fromStdString(chosen()->name);
    const QString file = QFileDialog::getSaveFileName(parentWidget(), tr("Export a preset"),
                                                      QStringLiteral("preset.toml"), tr("Presets (*.toml)"));
    if (!file.isEmpty()) m_desk.exportTo(name, file);
}

bool PresetPopover::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Leave && watched == m_list) showCurrent();
    if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Escape) {
        hide();
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        if (watched == m_name) {
            if (m_save->isEnabled()) save(false);
        } else {
            keep();
        }
        return true;
    }
    if (watched == m_search && (key == Qt::Key_Down || key == Qt::Key_Up)) {
        m_list->setFocus(Qt::TabFocusReason);
        for (int row = 0; row < m_list->count() && !m_list->currentItem(); ++row)
            if (!m_list->item(row)->isHidden() && m_list->item(row)->data(kIndexRole).isValid())
                m_list->setCurrentRow(row);
        return true;
    }
    return false;
}

void PresetPopover::hideEvent(QHideEvent* event)
{
    m_track.cancelPreview(); // nothing is left to cancel where it was kept
    QFrame::hideEvent(event);
}

void PresetPopover::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange) fill();
    QFrame::changeEvent(event);
}

} // namespace gradus::pages
