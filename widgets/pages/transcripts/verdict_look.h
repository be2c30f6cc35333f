// SPDX-License-Identifier: GPL-3.0-or-later
// The colour and the icon of a verdict; its word always stands beside them.
#pragma once

#include "common/icons.h"
#include "common/tokens.h"
#include "viewmodels/episodes_model.h"

namespace gradus::pages {

struct VerdictLook
{
    common::Icon icon;
    QColor text; ///< 4.5:1 on fill and on surface
    QColor fill;
    const char* tone; ///< of a common::ChipLabel
};

VerdictLook lookOf(viewmodels::Verdict verdict, const common::Tokens& tokens);

} // namespace gradus::pages
