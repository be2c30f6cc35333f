// SPDX-License-Identifier: GPL-3.0-or-later
// The presets below their button: built-in ones and the person's own with thumbnails, and what can be done with these.
#pragma once

#include "viewmodels/curve_track.h"
#include "viewmodels/preset_desk.h"

#include <QFrame>

class QCheckBox;
class QLineEdit;
class QListWidget;
class QListWidgetItem;
class QPushButton;
class QVBoxLayout;

namespace gradus::common {
class ElidedLabel;
} // namespace gradus::common

namespace gradus::pages {

/// Acts on the track it is given, as it was when it opened: pointing and choosing preview, Enter, a double click or Use
/// keeps (one undo step), Esc restores. What cannot be used is listed with its reason. GUI thread only; the track must
/// outlive it.
class PresetPopover final : public QFrame
{
    Q_OBJECT
public:
    PresetPopover(viewmodels::CurveTrack& track, QWidget* parent);

    void openBelow(const QWidget& anchor);
    viewmodels::PresetDesk& desk() { return m_desk; }
    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void kept(); ///< a preset is in the lane now

protected:
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void makeActs(QVBoxLayout& column);
    void fill();
    void filter();
    void addHeading(const QString& text);
    void addRow(const QString& name, const schedule::Curve& curve, int index);
    void addBroken(const spec::ListedPreset& preset);
    const spec::ListedPreset* ownOf(const QListWidgetItem* item) const; ///< null: a built-in one, or none
    const spec::ListedPreset* chosen() const;                           ///< that is current
    Result<schedule::Curve> curveOf(const QListWidgetItem& item) const;
    void show(const QListWidgetItem* item);
    void showCurrent();
    void keep();
    void refreshActs();
    void say(const QString& sentence, bool failed);
    void save(bool replace);
    void importFromFile();
    void exportToFile();

    viewmodels::CurveTrack& m_track;
    viewmodels::PresetDesk m_desk;
    schedule::Curve m_base;
    QLineEdit* m_search;
    QListWidget* m_list;
    QCheckBox* m_stretch;
    QLineEdit* m_name;
    QPushButton* m_use = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_rename = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_export = nullptr;
    QPushButton* m_import = nullptr;
    common::ElidedLabel* m_said;
    QPushButton* m_back;    ///< brings back what was removed
    QPushButton* m_replace; ///< saves over the preset whose name was taken
};

} // namespace gradus::pages
