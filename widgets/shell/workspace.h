// SPDX-License-Identifier: GPL-3.0-or-later
// Which workspace the window works in, what was given on its command line, and where the bundled example lies.
#pragma once

#include "base/result.h"

#include <QString>

namespace gradus::shell {

/// A folder with gradus.db, experiments/, checkpoints/. The store may be looked at without its workspace (a .db file
/// from elsewhere, the bundled example): then nothing is launched from it.
struct Workspace
{
    QString folder;       ///< absolute
    QString store;        ///< the store shown; folder/gradus.db unless a store file was opened
    QString draft;        ///< an experiment file to open at once; empty: none
    QString program = {}; ///< the `gradus` that is started; empty: the one beside this program

    QString name() const;        ///< the folder's name
    QString ownStore() const;    ///< folder/gradus.db
    QString experiments() const; ///< folder/experiments
    bool showsForeignStore() const { return store != ownStore(); }

    friend bool operator==(const Workspace&, const Workspace&) = default;
};

/// Argument of the command line or of File > Open: a workspace folder, an experiment (.toml) or a store (.db); empty:
/// the default workspace ($XDG_DATA_HOME/gradus). Files keep `current`'s folder, if there is one; else an
/// experiment in a workspace's folder of them, or its gradus.db, opens that workspace. Bad input when it
/// does not exist or is none of these.
Result<Workspace> openWorkspace(const QString& argument, const QString& currentFolder = {});

/// The example store that is installed with the program, or the one in the source tree; empty when there is none.
QString exampleStorePath();

} // namespace gradus::shell
