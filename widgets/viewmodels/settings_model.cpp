// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/settings_model.h"

#include "base/text.h"
#include "spec/keys.h"

#include <QFont>

#include <algorithm>
#include <array>
#include <set>

namespace gradus::viewmodels {

namespace {

QString shown(const std::string& text)
{
    return QString::fromStdString(visible(text, 2000));
}

std::set<std::string> sweptKeys(const spec::Experiment& experiment)
{
    std::set<std::string> keys;
    for (const spec::SweepAxis& axis : experiment.sweep)
        keys.insert(axis.key);
    for (const spec::SweepCondition& condition : experiment.conditions)
        for (const auto& setting : condition.settings)
            keys.insert(setting.first);
    return keys;
}

} // namespace

SettingsModel::SettingsModel(ScheduleDocument& document, QObject* parent)
    : QAbstractTableModel(parent), m_document(document)
{
    read();
    filter();
    connect(&m_document, &ScheduleDocument::textChanged, this, [this] {
        const std::vector<std::size_t> before = m_shown;
        read();
        std::vector<std::size_t> now;
        for (std::size_t i = 0; i < m_settings.size(); ++i)
            if (isShown(m_settings[i])) now.push_back(i);
        if (now == before) { // a view keeps its place and its selection
            if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        } else {
            beginResetModel();
            m_shown = std::move(now);
            endResetModel();
        }
        Q_EMIT countsChanged();
    });
}

void SettingsModel::read()
{
    const spec::Experiment& experiment = m_document.experiment();
    const std::set<std::string> swept = sweptKeys(experiment);
    m_settings.clear();
    for (const spec::KeyInfo& key : spec::knownKeys())
        m_settings.push_back({.key = QString::fromStdString(key.dotted()),
                              .value = shown(spec::valueText(key, experiment)),
                              .byDefault = shown(spec::defaultText(key)),
                              .help = QString::fromUtf8(key.help.data(), static_cast<qsizetype>(key.help.size())) +
                                      QLatin1Char(' ') + tr("It takes %1.").arg(shown(spec::acceptedText(key))),
                              .swept = swept.contains(key.dotted())});
}

bool SettingsModel::isShown(const Setting& setting) const
{
    if (m_changedOnly && !setting.changed() && !setting.swept) return false;
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) {
        return setting.key.contains(word, Qt::CaseInsensitive) || setting.help.contains(word, Qt::CaseInsensitive) ||
               setting.value.contains(word, Qt::CaseInsensitive);
    });
}

void SettingsModel::filter()
{
    beginResetModel();
    m_shown.clear();
    for (std::size_t i = 0; i < m_settings.size(); ++i)
        if (isShown(m_settings[i])) m_shown.push_back(i);
    endResetModel();
}

void SettingsModel::setFilter(const QString& text)
{
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    filter();
}

void SettingsModel::setChangedOnly(bool only)
{
    if (m_changedOnly == only) return;
    m_changedOnly = only;
    filter();
}

int SettingsModel::changedCount() const
{
    return static_cast<int>(
        std::count_if(m_settings.begin(), m_settings.end(), [](const Setting& setting) { return setting.changed(); }));
}

QModelIndex SettingsModel::indexOf(const QString& key) const
{
    for (std::size_t row = 0; row < m_shown.size(); ++row)
        if (m_settings[m_shown[row]].key == key) return index(static_cast<int>(row), NameColumn);
    return {};
}

void SettingsModel::reset(const QModelIndex& index)
{
    if (!index.isValid() || !at(index).changed()) return;
    const Setting setting = at(index); // the document's answer builds the list anew
    // The default as the table of keys has it: what is shown of it may be cut.
    const spec::KeyInfo* key = spec::findKey(setting.key.toStdString());
    if (key) set(setting.key, QString::fromStdString(spec::defaultText(*key)));
}

int SettingsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int SettingsModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant SettingsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const Setting& setting = at(index);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        switch (index.column()) {
        case NameColumn:
            return setting.key;
        case ValueColumn:
            return role == Qt::DisplayRole && setting.swept ? tr("%1 (swept)").arg(setting.value) : setting.value;
        case DefaultColumn:
            return setting.byDefault;
        default:
            return setting.help;
        }
    case Qt::FontRole: {
        QFont font;
        font.setBold(index.column() <= ValueColumn && (setting.changed() || setting.swept));
        return font;
    }
    case ChangedRole:
        return setting.changed();
    case SweptRole:
        return setting.swept;
    case KeyRole:
        return setting.key;
    default:
        return {};
    }
}

bool SettingsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !index.isValid() || index.column() != ValueColumn) return false;
    const Setting setting = at(index);
    const QString text = value.toString().trimmed();
    return text == setting.value || set(setting.key, text);
}

/// A word without its quotes is what people type for a text.
bool SettingsModel::set(const QString& key, const QString& value)
{
    auto done = m_document.setValue(key.toStdString(), value.toStdString(), tr("Set %1").arg(key));
    const bool bare = !value.isEmpty() && std::all_of(value.begin(), value.end(), [](QChar c) {
        return c.isLetterOrNumber() || QStringLiteral("_-:/. ").contains(c);
    });
    if (!done && bare) {
        const auto quoted =
            m_document.setValue(key.toStdString(), '"' + value.toStdString() + '"', tr("Set %1").arg(key));
        if (quoted) return true;
        done = quoted;
    }
    if (!done) Q_EMIT refused(QString::fromStdString(done.error().message));
    return done.ok();
}

QVariant SettingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    static const std::array<const char*, ColumnCount> kHeads{QT_TR_NOOP("Setting"), QT_TR_NOOP("Value"),
                                                             QT_TR_NOOP("Default"), QT_TR_NOOP("What it does")};
    return tr(kHeads[static_cast<std::size_t>(section)]);
}

Qt::ItemFlags SettingsModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index) | Qt::ItemNeverHasChildren;
    if (index.isValid() && index.column() == ValueColumn && m_document.isValid()) flags |= Qt::ItemIsEditable;
    return flags;
}

} // namespace gradus::viewmodels
