// SPDX-License-Identifier: GPL-3.0-or-later
// Every setting that an experiment has, from the one table of keys: what it is, what it would be by itself, its help.
#pragma once

#include "viewmodels/schedule_document.h"

#include <QAbstractTableModel>
#include <QString>

#include <vector>

namespace gradus::viewmodels {

/// Rows follow spec::knownKeys, filtered. Edits go through the document: one undo step each, every other byte of the
/// file stays. GUI thread only; the document must outlive it.
class SettingsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        NameColumn,
        ValueColumn, ///< TOML text; editable
        DefaultColumn,
        HelpColumn,
        ColumnCount,
    };
    enum Role
    {
        ChangedRole = Qt::UserRole, ///< bool: it differs from its default
        SweptRole,                  ///< bool: the sweep sets it, so that its value here is taken by no run
        KeyRole,                    ///< QString "gap.value"
    };

    explicit SettingsModel(ScheduleDocument& document, QObject* parent = nullptr);

    /// Words that must all stand in a row's name, value or help.
    void setFilter(const QString& text);
    void setChangedOnly(bool only);
    int changedCount() const;                      ///< of all keys
    QModelIndex indexOf(const QString& key) const; ///< in NameColumn; invalid while it is filtered away
    /// Back to the default; nothing where it is that already.
    void reset(const QModelIndex& index);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

Q_SIGNALS:
    void refused(const QString& sentence);
    void countsChanged();

private:
    struct Setting
    {
        QString key;
        QString value;
        QString byDefault;
        QString help;
        bool swept = false;
        bool changed() const { return value != byDefault; }
    };
    void read();
    void filter();
    bool isShown(const Setting& setting) const;
    const Setting& at(const QModelIndex& index) const
    {
        return m_settings[m_shown[static_cast<std::size_t>(index.row())]];
    }
    bool set(const QString& key, const QString& value);

    ScheduleDocument& m_document;
    std::vector<Setting> m_settings;
    std::vector<std::size_t> m_shown;
    QStringList m_words;
    bool m_changedOnly = false;
};

} // namespace gradus::viewmodels
