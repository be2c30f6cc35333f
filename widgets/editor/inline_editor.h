// SPDX-License-Identifier: GPL-3.0-or-later
// Fields that open over a lane at the thing they edit: Enter keeps, Tab goes on, Esc and a click elsewhere leave.
#pragma once

#include <QFrame>
#include <QPointer>
#include <QStringList>

#include <functional>
#include <optional>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace gradus::editor {

/// Hidden until opened. Focus goes back to the parent, or to another widget that is named. GUI thread only.
class InlineEditor final : public QFrame
{
    Q_OBJECT
public:
    struct Refusal
    {
        int field = 0;
        QString reason;       ///< a sentence
        QString fix = {};     ///< of a button: "Use 4"; empty: there is none
        QString fixText = {}; ///< what that button puts into the field
    };
    /// Takes the texts, or says which field is wrong: the editor then stays open with that field marked.
    using Commit = std::function<std::optional<Refusal>(const QStringList& texts)>;

    explicit InlineEditor(QWidget* parent);
    QLineEdit* addField(const QString& objectName, const QString& accessibleName, int width);

    /// One text a field; a null text disables its field. The editor stands centred over or under the place.
    void open(const QPoint& place, const QStringList& texts, int focused, Commit commit);
    void setFocusAfter(QWidget* widget) { m_after = widget; }
    void dismiss();
    bool isOpen() const { return isVisible(); }

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void commit();
    bool step(QObject* from, int direction);
    void stand(); ///< beside the place, within the parent
    void showReason(const Refusal& refusal);

    QHBoxLayout* m_row;
    QFrame* m_refused; ///< the row under the fields: reason and fix
    QLabel* m_reason;
    QPushButton* m_fix;
    Refusal m_refusal;
    QPoint m_place;
    QVector<QLineEdit*> m_fields;
    Commit m_commit;
    QPointer<QWidget> m_after;
};

} // namespace gradus::editor
