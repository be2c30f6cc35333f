// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/preset_desk.h"

#include "store/store_path.h"

#include <QFile>

#include <utility>

namespace gradus::viewmodels {

namespace {

std::filesystem::path pathOf(const QString& file)
{
    return QFile::encodeName(file).toStdString();
}

struct Answer
{
    Result<std::string> said;
    std::vector<spec::ListedPreset> presets;
    std::string lastRemoved;
};

/// What an act says where it worked.
Result<std::string> saying(const Result<void>& done, const QString& sentence)
{
    if (!done) return done.error();
    return sentence.toStdString();
}

} // namespace

PresetDesk::PresetDesk(QObject* parent) : QObject(parent), m_job(this) {}

void PresetDesk::start(Act act)
{
    m_job.start(
        [act = std::move(act)]() -> Answer {
            const auto folder = store::presetFolder();
            if (!folder) return {folder.error(), {}, {}};
            const spec::PresetLibrary library(*folder);
            Answer answer{act(library), library.list(), {}};
            for (const spec::ListedPreset& gone : library.removed()) {
                if (!gone.preset) continue;
                answer.lastRemoved = gone.name;
                break;
            }
            return answer;
        },
        [this](const Answer& answer) {
            m_presets = answer.presets;
            m_lastRemoved = QString::fromStdString(answer.lastRemoved);
            Q_EMIT changed();
            if (!answer.said)
                Q_EMIT said(QString::fromStdString(answer.said.error().message), true);
            else if (!answer.said->empty())
                Q_EMIT said(QString::fromStdString(*answer.said), false);
        });
    Q_EMIT changed();
}

void PresetDesk::refresh()
{
    start([](const spec::PresetLibrary&) { return std::string(); });
}

void PresetDesk::save(const spec::SavedPreset& preset, bool replace)
{
    const QString words = tr("Saved “%1”.").arg(QString::fromStdString(preset.name));
    start([=](const spec::PresetLibrary& library) -> Result<std::string> {
        const auto saved = library.save(preset, replace);
        if (!saved) return saved.error();
        return words.toStdString();
    });
}

void PresetDesk::rename(const QString& name, const QString& to)
{
    const QString words = tr("“%1” is “%2” now.").arg(name, to);
    start([=](const spec::PresetLibrary& library) {
        return saying(library.rename(name.toStdString(), to.toStdString()), words);
    });
}

void PresetDesk::remove(const QString& name)
{
    const QString words = tr("Removed “%1”.").arg(name);
    start([=](const spec::PresetLibrary& library) -> Result<std::string> {
        const auto gone = library.remove(name.toStdString());
        if (!gone) return gone.error();
        return words.toStdString();
    });
}

void PresetDesk::restore(const QString& name)
{
    const QString words = tr("“%1” is back.").arg(name);
    start([=](const spec::PresetLibrary& library) { return saying(library.restore(name.toStdString()), words); });
}

void PresetDesk::importFile(const QString& file)
{
    const QString words = tr("Imported as “%1”.");
    start([=](const spec::PresetLibrary& library) -> Result<std::string> {
        const auto name = library.import(pathOf(file));
        if (!name) return name.error();
        return words.arg(QString::fromStdString(*name)).toStdString();
    });
}

void PresetDesk::exportTo(const QString& name, const QString& file)
{
    const QString words = tr("Wrote %1.").arg(file);
    start([=](const spec::PresetLibrary& library) {
        return saying(library.exportTo(name.toStdString(), pathOf(file)), words);
    });
}

} // namespace gradus::viewmodels
