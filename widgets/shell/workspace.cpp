// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/workspace.h"

#include "base/text.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace gradus::shell {

namespace {

QString defaultFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/gradus");
}

std::string shown(const QString& path)
{
    return visible(path.toStdString());
}

Workspace inFolder(const QString& folder)
{
    Workspace workspace;
    workspace.folder = QDir::cleanPath(QFileInfo(folder).absoluteFilePath());
    workspace.store = workspace.ownStore();
    return workspace;
}

} // namespace

QString Workspace::name() const
{
    return QFileInfo(folder).fileName();
}

QString Workspace::ownStore() const
{
    return folder + QStringLiteral("/gradus.db");
}

QString Workspace::experiments() const
{
    return folder + QStringLiteral("/experiments");
}

Result<Workspace> openWorkspace(const QString& argument, const QString& currentFolder)
{
    const QString base = currentFolder.isEmpty() ? defaultFolder() : currentFolder;
    if (argument.isEmpty()) return inFolder(base);
    const QFileInfo info(argument);
    if (!info.exists())
        return badInput("There is no file or folder '" + shown(argument) +
                        "'; name a workspace folder, an experiment (.toml) or a run store (.db).");
    if (info.isDir()) return inFolder(argument);
    if (!info.isReadable())
        return badInput("'" + shown(argument) + "' may not be read by this user; change its permissions.");
    Workspace workspace = inFolder(base);
    const QString suffix = info.suffix().toLower();
    if (suffix == QLatin1String("toml")) {
        // So does a file in a workspace's folder of experiments, unless a workspace is open already.
        const QDir folder = info.dir();
        const QString around = QFileInfo(folder.absolutePath()).path();
        if (currentFolder.isEmpty() && folder.dirName() == QLatin1String("experiments") &&
            QFileInfo::exists(around + QStringLiteral("/gradus.db")))
            workspace = inFolder(around);
        workspace.draft = info.absoluteFilePath();
        return workspace;
    }
    if (suffix == QLatin1String("db")) {
        // A workspace's own store means the workspace.
        if (info.fileName() == QLatin1String("gradus.db")) return inFolder(info.absolutePath());
        workspace.store = info.absoluteFilePath();
        return workspace;
    }
    return badInput("'" + shown(argument) + "' is neither an experiment (.toml) nor a run store (.db) nor a folder.");
}

QString exampleStorePath()
{
    const QString program = QCoreApplication::applicationDirPath();
    for (const char* place : {"/../share/gradus/example/example.db", "/../../../resources/example/example.db",
                              "/../../resources/example/example.db"}) {
        const QFileInfo file(program + QLatin1String(place));
        if (file.isFile()) return file.canonicalFilePath();
    }
    return {};
}

} // namespace gradus::shell
