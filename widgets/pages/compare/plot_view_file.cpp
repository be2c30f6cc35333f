// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/plot_view_file.h"

#include "pages/compare/compare_export.h"
#include "pages/compare/compare_page.h"
#include "plot/settled.h"

namespace gradus::pages {

Result<void> plotViewFile(const QString& store, const viewmodels::ViewFile& view, const QString& file,
                          common::ThemeController& theme, double limitSeconds)
{
    if (!view.theme.empty()) theme.setTheme(common::themeFromName(QString::fromStdString(view.theme), theme.theme()));
    viewmodels::StoreWatcher watcher;
    ComparePage page(watcher, theme);
    QString failure;
    const auto notice = [&failure](const QString& sentence) { failure = sentence; };
    QObject::connect(&watcher, &viewmodels::StoreWatcher::storeFailed, &page, notice);
    QObject::connect(&watcher, &viewmodels::StoreWatcher::storeWaiting, &page, notice);
    page.setAttribute(Qt::WA_DontShowOnScreen);
    page.resize(view.width, view.height);
    page.openStore(store);
    page.showView(view);
    page.show();
    watcher.open(store);
    const auto answered = [&] { return !failure.isEmpty() || !page.viewFailure().isEmpty() || page.isViewShown(); };
    if (!plot::waitUntil(answered, limitSeconds))
        return failed("The view was not complete after " + std::to_string(static_cast<int>(limitSeconds)) +
                      " s; compare fewer runs or look at the store with gradus store check.");
    if (!failure.isEmpty()) return badInput(failure.toStdString());
    if (!page.viewFailure().isEmpty()) return badInput(page.viewFailure().toStdString());
    plot::settle(page);
    return exportComparison(page, file);
}

} // namespace gradus::pages
