// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/ladder_panel.h"

#include "base/text.h"
#include "common/controls.h"
#include "viewmodels/ladder_steps.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

using viewmodels::LadderForm;

namespace {

constexpr int kBarHeight = 40;
constexpr int kMostWidth = 4096;
constexpr int kMostLayers = 96;
constexpr int kMostPart = 4096;

QString shapeName(const spec::Rung& rung)
{
    return QStringLiteral("%1 × %2").arg(rung.width).arg(rung.layers);
}

QSpinBox* shapeField(const QString& name, int most)
{
    auto* field = new QSpinBox;
    field->setRange(1, most);
    field->setKeyboardTracking(false);
    field->setAccessibleName(name);
    field->setToolTip(name);
    return field;
}

/// 0 stands for all of the folder.
QSpinBox* partField(const QString& name, const QString& prefix, const QString& none)
{
    QSpinBox* field = shapeField(name, kMostPart);
    field->setMinimum(0);
    field->setPrefix(prefix);
    field->setSpecialValueText(none);
    return field;
}

} // namespace

LadderPanel::LadderPanel(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_document(document), m_view(new LadderView(theme)),
      m_about(common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"))),
      m_add(common::makeButton(tr("Add rung"), QStringLiteral("quiet"))), m_menu(new QMenu(m_add)),
      m_remove(common::makeButton(tr("Remove"), QStringLiteral("quiet"))),
      m_start(common::makeButton(tr("Start here"), QStringLiteral("quiet"))),
      m_width(shapeField(tr("Width of the chosen rung"), kMostWidth)),
      m_layers(shapeField(tr("Layers of the chosen rung"), kMostLayers)),
      m_firstLayers(partField(tr("First layers of the chosen folder"), tr("layers "), tr("all layers"))),
      m_rank(partField(tr("Rank of an adapter on the chosen folder"), tr("adapter "), tr("no adapter")))
{
    setProperty("panel", true);
    setObjectName(QStringLiteral("ladderPanel"));
    m_add->setObjectName(QStringLiteral("addRung"));
    m_remove->setObjectName(QStringLiteral("removeRung"));
    m_start->setObjectName(QStringLiteral("startRung"));
    m_width->setObjectName(QStringLiteral("rungWidth"));
    m_layers->setObjectName(QStringLiteral("rungLayers"));
    m_firstLayers->setObjectName(QStringLiteral("folderLayers"));
    m_rank->setObjectName(QStringLiteral("folderRank"));
    m_add->setMenu(m_menu);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* bar = common::addBar(*column, kBarHeight);
    bar->addWidget(m_add);
    bar->addWidget(m_remove);
    bar->addWidget(m_start);
    bar->addWidget(m_width);
    bar->addWidget(m_layers);
    bar->addWidget(m_firstLayers);
    bar->addWidget(m_rank);
    bar->addStretch();
    bar->addWidget(m_about);
    column->addWidget(m_view, 1);
    connect(m_menu, &QMenu::aboutToShow, this, &LadderPanel::fillAddMenu);
    connect(m_remove, &QPushButton::clicked, this, [this] { remove(m_view->chosen()); });
    connect(m_start, &QPushButton::clicked, this, [this] { start(m_view->chosen()); });
    connect(m_width, &QSpinBox::editingFinished, this, &LadderPanel::shapeEntered);
    connect(m_layers, &QSpinBox::editingFinished, this, &LadderPanel::shapeEntered);
    // One takes the other's place: a rung is a folder's first layers or an adapter on it.
    connect(m_firstLayers, &QSpinBox::editingFinished, this, [this] { partEntered(m_firstLayers->value(), 0); });
    connect(m_rank, &QSpinBox::editingFinished, this, [this] { partEntered(0, m_rank->value()); });
    connect(m_view, &LadderView::chosenChanged, this, &LadderPanel::refreshFields);
    connect(m_view, &LadderView::removeRequested, this, &LadderPanel::remove);
    connect(m_view, &LadderView::startRequested, this, &LadderPanel::start);
    connect(m_view, &LadderView::moveRequested, this, &LadderPanel::move);
    connect(&document, &viewmodels::ScheduleDocument::textChanged, this, &LadderPanel::refresh);
    connect(&document, &viewmodels::ScheduleDocument::curveChanged, this, &LadderPanel::refresh);
    refresh();
}

void LadderPanel::refresh()
{
    const spec::Experiment& experiment = m_document.experiment();
    QVector<LadderView::Rung> rungs;
    const bool folders = viewmodels::formOf(ladder()) == LadderForm::Folders;
    if (folders) {
        for (const spec::FolderRung& folder : ladder().models)
            rungs.append({.name = QString::fromStdString(visible(spec::nameOf(folder), 200)),
                          .size = {},
                          .capacity = static_cast<double>(rungs.size())});
    } else {
        const auto sizes = viewmodels::rungParameters(experiment);
        const auto& shapes = spec::rungsOf(ladder());
        for (std::size_t i = 0; i < shapes.size() && i < sizes.size(); ++i)
            rungs.append({.name = shapeName(shapes[i]),
                          .size = viewmodels::sizeText(sizes[i]),
                          .capacity = std::log10(static_cast<double>(std::max<std::int64_t>(1, sizes[i])))});
    }
    QVector<LadderView::Arrow> arrows;
    int from = ladder().start;
    if (!folders)
        for (const viewmodels::LadderStep& step : viewmodels::ladderSteps(experiment, m_document.curve())) {
            if (!step.rung) break;
            arrows.append({.from = from, .to = *step.rung, .gap = step.taken});
            from = *step.rung;
        }
    m_view->setLadder(rungs, arrows, ladder().start, !folders);
    m_about->setText(spec::measures(experiment.gap) ? tr("arrows: if the first gap were kept; filled: the start")
                                                    : tr("arrows: gaps that are taken; filled: the start"));
    refreshFields();
}

void LadderPanel::refreshFields()
{
    const int chosen = m_view->chosen();
    const bool editable = m_document.isValid();
    const bool has = chosen >= 0 && chosen < spec::rungCount(ladder());
    const bool shapes = viewmodels::formOf(ladder()) == LadderForm::Scratch;
    m_add->setEnabled(editable);
    m_remove->setEnabled(editable && has && spec::rungCount(ladder()) > 2);
    m_start->setEnabled(editable && has && chosen != ladder().start);
    for (QSpinBox* field : {m_width, m_layers}) {
        field->setVisible(shapes);
        field->setEnabled(editable && has);
    }
    const bool folders = viewmodels::formOf(ladder()) == LadderForm::Folders;
    for (QSpinBox* field : {m_firstLayers, m_rank}) {
        field->setVisible(folders);
        field->setEnabled(editable && has);
    }
    if (folders && has) {
        const spec::FolderRung& rung = ladder().models[static_cast<std::size_t>(chosen)];
        const QSignalBlocker layers(m_firstLayers);
        const QSignalBlocker rank(m_rank);
        m_firstLayers->setValue(rung.layers);
        m_rank->setValue(rung.adapterRank);
    }
    if (!shapes || !has) return;
    const spec::Rung& rung = spec::rungsOf(ladder())[static_cast<std::size_t>(chosen)];
    const QSignalBlocker blocked(m_width);
    const QSignalBlocker both(m_layers);
    m_width->setValue(rung.width);
    m_layers->setValue(rung.layers);
}

void LadderPanel::apply(const Result<viewmodels::KeyValues>& values, const QString& label)
{
    if (!values) {
        Q_EMIT refused(QString::fromStdString(values.error().message));
        return;
    }
    const int step = m_document.newMergeId();
    bool begun = false;
    for (const auto& [key, value] : *values) {
        const auto done = m_document.setValue(key, value, label, step);
        if (done) {
            begun = true;
            continue;
        }
        // All of an act or nothing of it.
        if (begun) m_document.undoStack().undo();
        Q_EMIT refused(QString::fromStdString(done.error().message));
        return;
    }
}

void LadderPanel::fillAddMenu()
{
    m_menu->clear();
    switch (viewmodels::formOf(ladder())) {
    case LadderForm::Shipped: {
        const auto spare = viewmodels::spareRungs(ladder());
        for (const spec::Rung& rung : spare)
            connect(m_menu->addAction(shapeName(rung)), &QAction::triggered, this, [this, rung] { add(rung); });
        if (spare.empty()) m_menu->addAction(tr("All shipped rungs are on the ladder"))->setEnabled(false);
        break;
    }
    case LadderForm::Scratch:
        connect(m_menu->addAction(tr("A stronger rung")), &QAction::triggered, this, &LadderPanel::addShape);
        break;
    case LadderForm::Folders:
        connect(m_menu->addAction(tr("Add folder…")), &QAction::triggered, this, &LadderPanel::chooseFolder);
        break;
    }
}

void LadderPanel::add(const spec::Rung& rung)
{
    apply(viewmodels::withRung(ladder(), rung), tr("Add rung"));
}

/// Half as wide again and a layer more: about four times the parameters.
void LadderPanel::addShape()
{
    const auto& rungs = spec::rungsOf(ladder());
    const spec::Rung last = rungs.empty() ? spec::Rung{.width = 16, .layers = 1} : rungs.back();
    add({.width = (last.width * 3 / 2 + 15) / 16 * 16, .layers = last.layers + 1});
}

void LadderPanel::chooseFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Model folder"));
    if (!folder.isEmpty()) addFolder(folder);
}

void LadderPanel::addFolder(const QString& folder)
{
    apply(viewmodels::withFolder(ladder(), folder.toStdString()), tr("Add model folder"));
}

void LadderPanel::remove(int rung)
{
    apply(viewmodels::withoutRung(ladder(), rung), tr("Remove rung"));
}

void LadderPanel::start(int rung)
{
    apply(viewmodels::withStart(ladder(), rung), tr("Start of the ladder"));
}

void LadderPanel::move(int rung, int to)
{
    const int before = spec::rungCount(ladder());
    apply(viewmodels::withFolderMoved(ladder(), rung, to), tr("Move model folder"));
    if (viewmodels::formOf(ladder()) == LadderForm::Folders) m_view->setChosen(std::clamp(to, 0, before - 1));
}

void LadderPanel::shapeEntered()
{
    const int chosen = m_view->chosen();
    if (chosen < 0) return;
    const spec::Rung rung{.width = m_width->value(), .layers = m_layers->value()};
    apply(viewmodels::withShape(ladder(), chosen, rung), tr("Shape of a rung"));
    // By its size it may stand elsewhere now.
    const auto& rungs = spec::rungsOf(ladder());
    const auto at = std::find(rungs.begin(), rungs.end(), rung);
    if (at != rungs.end()) m_view->setChosen(static_cast<int>(at - rungs.begin()));
    refreshFields();
}

void LadderPanel::partEntered(int layers, int adapterRank)
{
    const int chosen = m_view->chosen();
    if (chosen < 0 || chosen >= spec::rungCount(ladder())) return;
    // A field that is left as it was changes nothing, the other one's number least of all.
    const spec::FolderRung& rung = ladder().models[static_cast<std::size_t>(chosen)];
    const bool untouched = layers == 0 && adapterRank == 0
                               ? m_firstLayers->value() == rung.layers && m_rank->value() == rung.adapterRank
                               : layers == rung.layers && adapterRank == rung.adapterRank;
    if (untouched) return;
    apply(viewmodels::withFolderPart(ladder(), chosen, layers, adapterRank), tr("Part of a model folder"));
    refreshFields();
}

} // namespace gradus::pages
