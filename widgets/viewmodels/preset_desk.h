// SPDX-License-Identifier: GPL-3.0-or-later
// A person's presets as the window lists and changes them: every file is read and written off the GUI thread.
#pragma once

#include "common/job.h"
#include "spec/preset_library.h"

#include <QObject>
#include <QString>

#include <functional>

namespace gradus::viewmodels {

/// One act at a time; a newer one is heard in place of an older one, which is done all the same. GUI thread only.
class PresetDesk final : public QObject
{
    Q_OBJECT
public:
    explicit PresetDesk(QObject* parent = nullptr);

    /// Reads the folder (the person's, see store::presetFolder); changed() follows.
    void refresh();
    const std::vector<spec::ListedPreset>& presets() const { return m_presets; }
    /// The name of what was removed last in this library; empty: nothing was.
    QString lastRemoved() const { return m_lastRemoved; }
    bool isBusy() const { return m_job.isRunning(); }

    void save(const spec::SavedPreset& preset, bool replace);
    void rename(const QString& name, const QString& to);
    void remove(const QString& name);
    void restore(const QString& name);
    void importFile(const QString& file);
    void exportTo(const QString& name, const QString& file);

Q_SIGNALS:
    void changed(); ///< presets(), lastRemoved(), isBusy()
    /// What became of an act, in one sentence; a name that was taken may be saved once more with replace.
    void said(const QString& sentence, bool failed);

private:
    using Act = std::function<Result<std::string>(const spec::PresetLibrary&)>; ///< a sentence; empty: nothing to say
    void start(Act act);

    common::Job m_job;
    std::vector<spec::ListedPreset> m_presets;
    QString m_lastRemoved;
};

} // namespace gradus::viewmodels
