// SPDX-License-Identifier: GPL-3.0-or-later
// The preview of Home's card "Test this device": what the last self-test found, a line a subject.
#pragma once

#include "common/theme.h"
#include "viewmodels/device_check.h"

#include <QWidget>

namespace gradus::pages {

class DeviceFindings final : public QWidget
{
    Q_OBJECT
public:
    explicit DeviceFindings(const common::ThemeController& theme, QWidget* parent = nullptr);

    void setReport(const viewmodels::DeviceReport& report);
    void setRunning(bool running);
    bool isRunning() const { return m_isRunning; }
    /// The result in words, at most two lines: "It works: a tiny run trained, …".
    QString words() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const common::ThemeController& m_theme;
    viewmodels::DeviceReport m_report;
    bool m_isRunning = false;
};

} // namespace gradus::pages
