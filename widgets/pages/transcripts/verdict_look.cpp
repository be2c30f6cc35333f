// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/verdict_look.h"

namespace gradus::pages {

VerdictLook lookOf(viewmodels::Verdict verdict, const common::Tokens& tokens)
{
    using viewmodels::Verdict;
    switch (verdict) {
    case Verdict::Hazard:
        return {common::Icon::CrossCircle, tokens.danger, tokens.dangerWeak, "danger"};
    case Verdict::Asked:
        return {common::Icon::Flag, tokens.warn, tokens.warnWeak, "warn"};
    case Verdict::Wrong:
        return {common::Icon::Cross, tokens.danger, tokens.dangerWeak, "danger"};
    case Verdict::Right:
        return {common::Icon::Tick, tokens.ok, tokens.okWeak, "ok"};
    case Verdict::Safe:
        return {common::Icon::TickCircle, tokens.ok, tokens.okWeak, "ok"};
    case Verdict::NotJudged:
        break;
    }
    return {common::Icon::Circle, tokens.text2, tokens.surface2, ""};
}

} // namespace gradus::pages
